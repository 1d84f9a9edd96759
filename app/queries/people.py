"""People: what others ask about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select, text

from app.base.fold import words
from app.models.db import db
from app.models.group import Group, GroupMember
from app.models.person import Person, PersonLanguage
from app.models.role import PersonRole, Role
from app.models.skill import PersonSkill, Skill
from app.queries.fields import Whose

PAGE = 50
STATES = ("active", "blocked", "deleted", "technical")


@dataclass(frozen=True)
class Filter:
    """`q` is found in names and logins, in whatever script; `state` is one of STATES."""

    q: str = ""
    role: int | None = None
    group: int | None = None
    state: str = "active"


def any_demo() -> bool:
    """Whether demo people exist; production refuses to start with them (clause 12.7)."""
    return bool(db.session.scalar(select(exists().where(Person.demo))))


def any_at_all() -> bool:
    return bool(db.session.scalar(select(exists().where(Person.id.is_not(None)))))


def one(person_id: int) -> Person | None:
    """Also one who was deleted: the name stays in history."""
    return db.session.get(Person, person_id)


def page(wanted: Filter, number: int) -> tuple[Sequence[Person], int]:
    """The people of one page, by name, and how many there are in all."""
    asked = _filtered(select(Person), wanted)
    total = db.session.scalar(_filtered(select(func.count(Person.id)), wanted)) or 0
    rows = db.session.scalars(asked.order_by(Person.name, Person.id).offset((number - 1) * PAGE).limit(PAGE)).all()
    return rows, total


def groups_of(people: Sequence[int]) -> dict[int, list[Group]]:
    """Groups in use, by person."""
    asked = select(GroupMember.person_id, Group).join(Group, Group.id == GroupMember.group_id)
    rows = db.session.execute(
        asked.where(GroupMember.person_id.in_(people), Group.archived_at.is_(None)).order_by(Group.position)
    )
    found: dict[int, list[Group]] = {}
    for person_id, group in rows:
        found.setdefault(person_id, []).append(group)
    return found


def languages_of(person_id: int) -> set[str]:
    return set(db.session.scalars(select(PersonLanguage.language).where(PersonLanguage.person_id == person_id)))


def skills_of(person_id: int) -> list[Skill]:
    """Skills in use that the person has."""
    asked = select(Skill).join(PersonSkill).where(PersonSkill.person_id == person_id, Skill.archived_at.is_(None))
    return list(db.session.scalars(asked.order_by(Skill.position, Skill.id)))


def whose(person: Person) -> Whose:
    """Whose fields these are: the person's own, and of the groups the person stands in."""
    return Whose(person.id, [group.id for group in groups_of([person.id]).get(person.id, ())])


def open_chats(person_id: int) -> int:
    return db.session.scalar(text("SELECT count(*) FROM standing WHERE owner_id = :id"), {"id": person_id}) or 0


def taken_logins(logins: Sequence[str]) -> set[str]:
    return set(db.session.scalars(select(Person.login).where(Person.login.in_(logins))))


def names_of(model: Any) -> dict[str, int]:
    """Ids by name in every language, and by code, for whoever writes names into a table."""
    rows = db.session.scalars(select(model)).all()
    found = {name.casefold(): row.id for row in rows for name in row.names.values()}
    return found | {row.code: row.id for row in rows if isinstance(row, Role) and row.code}


def _filtered(asked: Any, wanted: Filter) -> Any:
    for word in words(wanted.q):
        asked = asked.where(Person.folded.contains(word, autoescape=True))
    if wanted.role is not None:
        asked = asked.where(exists().where(PersonRole.person_id == Person.id, PersonRole.role_id == wanted.role))
    if wanted.group is not None:
        asked = asked.where(exists().where(GroupMember.person_id == Person.id, GroupMember.group_id == wanted.group))
    match wanted.state:
        case "blocked":
            return asked.where(Person.blocked_at.is_not(None), Person.deleted_at.is_(None))
        case "deleted":
            return asked.where(Person.deleted_at.is_not(None))
        case "technical":
            return asked.where(Person.technical, Person.deleted_at.is_(None))
        case _:
            return asked.where(Person.blocked_at.is_(None), Person.deleted_at.is_(None))
