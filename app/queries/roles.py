"""Roles: which there are, and who holds each."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.models.db import db
from app.models.person import Person
from app.models.role import PersonRole, Role


def everyone() -> Sequence[Role]:
    """The ready ones first, in the order they were made."""
    return db.session.scalars(select(Role).order_by(Role.code.is_(None), Role.id)).all()


def one(role_id: int) -> Role | None:
    return db.session.get(Role, role_id)


def holders(role_id: int) -> Sequence[Person]:
    """Who has the role, blocked people too."""
    asked = select(Person).join(PersonRole, PersonRole.person_id == Person.id)
    return db.session.scalars(
        asked.where(PersonRole.role_id == role_id, Person.deleted_at.is_(None)).order_by(Person.name)
    ).all()


def counts() -> dict[int, int]:
    """How many people hold each role."""
    asked = select(PersonRole.role_id, func.count()).join(Person, Person.id == PersonRole.person_id)
    found = db.session.execute(asked.where(Person.deleted_at.is_(None)).group_by(PersonRole.role_id))
    return {row[0]: row[1] for row in found}
