"""The parts of an account: put into the rows, and told for the journal with what is personal masked."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, insert, select

from app.base import phones
from app.base.refusal import Refusal
from app.models.account import EMAIL, Account
from app.models.db import db
from app.models.field import FIELDS
from app.models.group import Group, GroupMember
from app.models.person import Person, PersonLanguage, found_by
from app.models.role import Role
from app.models.skill import PersonSkill, Skill


class PhoneUnfit(Refusal):
    notice = _l("This is not a phone number. Write it like +998 90 123-45-67.")
    status = 422


class EmailUnfit(Refusal):
    notice = _l("This is not an e-mail address. Write it like k.rahimova@bank.uz.")
    status = 422


class NobodyThere(Refusal):
    notice = _l("There is no such person any more.")
    status = 404


def locked(person_id: int) -> Person:
    """The row, for a change. Raises NobodyThere, also for who was deleted."""
    person = db.session.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None or person.deleted_at is not None:
        raise NobodyThere
    return person


def place(person: Person, account: Account) -> None:
    """Into the row, which has its id, and the rows beside it. Raises PhoneUnfit, EmailUnfit."""
    person.name, person.locale = account.name, account.locale
    person.public_name = account.public_name or account.name.split()[0]
    person.folded = found_by(person.name, person.public_name, person.login)
    person.capacity, person.technical, person.purpose = account.capacity, account.technical, account.purpose
    if account.phone is not None:
        person.phone = phone_of(account.phone)
    if account.email is not None:
        person.email = email_of(account.email)
    if {role.id for role in person.roles} != account.roles:
        person.roles = list(db.session.scalars(select(Role).where(Role.id.in_(account.roles))))
    _keep(PersonLanguage, PersonLanguage.language, person.id, set(account.languages))
    # Groups out of use are not offered, so nobody leaves them by a form that does not show them.
    used = set(db.session.scalars(select(Group.id).where(Group.archived_at.is_(None))))
    _keep(GroupMember, GroupMember.group_id, person.id, set(account.groups) & used, among=used)
    if account.skills is not None:
        taught = set(db.session.scalars(select(Skill.id).where(Skill.archived_at.is_(None))))
        _keep(PersonSkill, PersonSkill.skill_id, person.id, set(account.skills) & taught, among=taught)
    db.session.flush()


def told(person: Person) -> dict[str, Any]:
    """What the journal keeps of it."""
    groups = select(Group.names).join(GroupMember).where(GroupMember.person_id == person.id).order_by(Group.id)
    languages = select(PersonLanguage.language).where(PersonLanguage.person_id == person.id)
    skills = select(Skill.names).join(PersonSkill).where(PersonSkill.person_id == person.id).order_by(Skill.id)
    return {
        "name": person.name,
        "public_name": person.public_name,
        "locale": person.locale,
        "roles": sorted(role.names["ru"] for role in person.roles),
        "groups": [names["ru"] for names in db.session.scalars(groups)],
        "languages": sorted(db.session.scalars(languages)),
        "skills": [names["ru"] for names in db.session.scalars(skills)],
        "capacity": person.capacity,
        "phone": FIELDS["phone"].mask(person.phone) if person.phone else "",
        "email": FIELDS["email"].mask(person.email) if person.email else "",
        "technical": person.technical,
        "purpose": person.purpose,
    }


def phone_of(text: str) -> str | None:
    """E.164, or None of nothing. Raises PhoneUnfit."""
    if not text.strip():
        return None
    number = phones.normal(text)
    if number is None:
        raise PhoneUnfit
    return number


def email_of(text: str) -> str | None:
    """The address, or None of nothing. Raises EmailUnfit."""
    if not text.strip():
        return None
    if not EMAIL.fullmatch(text.strip()):
        raise EmailUnfit
    return text.strip()


def _keep(model: Any, column: Any, person_id: int, wanted: set[Any], among: set[Any] | None = None) -> None:
    """Let exactly these rows stand beside the person; outside `among` nothing is touched."""
    there = set(db.session.scalars(select(column).where(model.person_id == person_id)))
    gone = (there if among is None else there & among) - wanted
    if gone:
        db.session.execute(delete(model).where(model.person_id == person_id, column.in_(gone)))
    if fresh := wanted - there:
        db.session.execute(insert(model), [{"person_id": person_id, column.key: one} for one in sorted(fresh)])
