"""Second factors: who has one, who must."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.base.crypt import open_sealed
from app.models.db import db
from app.models.factor import Factor, FactorRole, RecoveryCode
from app.models.person import Person
from app.models.role import PersonRole, Role


@dataclass(frozen=True)
class Standing:
    """A person's second factor: in force since when, how many recovery codes are left, whether a role asks for it."""

    since: datetime | None
    codes_left: int
    required: bool


@dataclass(frozen=True)
class Holder:
    person_id: int
    name: str
    login: str
    since: datetime | None


def standing(person_id: int) -> Standing:
    unused = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return Standing(confirmed_at(person_id), db.session.scalar(unused) or 0, required_of(person_id))


def confirmed_at(person_id: int) -> datetime | None:
    """Since when the person has a second factor in force."""
    return db.session.scalar(select(Factor.confirmed_at).where(Factor.person_id == person_id))


def required_of(person_id: int) -> bool:
    """Whether a role of the person asks for a second factor; demonstration people are spared."""
    asking = (
        select(FactorRole.role_id)
        .join(PersonRole, PersonRole.role_id == FactorRole.role_id)
        .join(Person, Person.id == PersonRole.person_id)
        .where(Person.id == person_id, ~Person.demo)
    )
    return db.session.scalars(asking.limit(1)).first() is not None


def begun(person_id: int) -> str | None:
    """The secret of a set-up that waits for its first code; None when there is none. A confirmed one is never shown."""
    sealed = db.session.scalar(
        select(Factor.secret).where(Factor.person_id == person_id, Factor.confirmed_at.is_(None))
    )
    return open_sealed(sealed, ("factor.secret", person_id)) if sealed else None


def roles() -> Sequence[tuple[Role, bool]]:
    """Every role, and whether it asks for a second factor."""
    query = select(Role, FactorRole.role_id.is_not(None)).outerjoin(FactorRole, FactorRole.role_id == Role.id)
    return [(role, bool(asks)) for role, asks in db.session.execute(query.order_by(Role.id))]


def holders() -> Sequence[Holder]:
    """Who has a second factor in force."""
    query = (
        select(Person.id, Person.name, Person.login, Factor.confirmed_at)
        .join(Factor, Factor.person_id == Person.id)
        .where(Factor.confirmed_at.is_not(None), Person.deleted_at.is_(None))
        .order_by(Person.name)
    )
    return [Holder(*row) for row in db.session.execute(query)]
