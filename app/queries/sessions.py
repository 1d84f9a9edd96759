"""Sessions: which live, whose they are, from where."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from app.models.db import db
from app.models.desk import WORK
from app.models.person import Person
from app.models.session import (
    ABSOLUTE_HOURS,
    DEVICE_LASTS,
    HALF_LASTS,
    IDLE_MINUTES,
    STRICT,
    STRICT_IDLE_MINUTES,
    HalfSignIn,
    KnownDevice,
    Session,
    token_hash,
)
from app.queries import settings as stored


@dataclass(frozen=True)
class Horizon:
    """What was seen or started before these moments has ended by itself."""

    idle_since: datetime
    strict_since: datetime
    absolute_since: datetime


@dataclass(frozen=True)
class Row:
    id: UUID
    person_id: int
    name: str
    login: str
    started_at: datetime
    seen_at: datetime
    address: str
    device: str


@dataclass(frozen=True)
class Before:
    """The sign-in before the present one; `locale` is the person's."""

    at: datetime
    address: str
    device: str
    locale: str


_LIVE = """
    FROM session s JOIN person p ON p.id = s.person_id
   WHERE s.ended_at IS NULL AND p.blocked_at IS NULL AND p.deleted_at IS NULL
     AND s.started_at > :absolute_since
     AND s.seen_at > CASE WHEN EXISTS (
           SELECT FROM person_role pr JOIN role_permission rp USING (role_id)
            WHERE pr.person_id = p.id AND rp.permission = ANY (:strict))
         THEN CAST(:strict_since AS timestamptz) ELSE :idle_since END
"""
_ROW = "SELECT s.id, p.id AS person_id, p.name, p.login, s.started_at, s.seen_at, s.address, s.device"
_OF_PERSON = text(f"{_ROW} {_LIVE} AND p.id = :person_id ORDER BY s.seen_at DESC")
_ALL = text(f"""{_ROW} {_LIVE}
    AND (:pattern = '' OR p.login ILIKE :pattern OR p.name ILIKE :pattern
         OR :by_address AND s.address LIKE :pattern)
    ORDER BY p.name, s.seen_at DESC LIMIT :most""")
_STANDING = text(f"SELECT s.id, s.rights_at {_LIVE} AND s.id = ANY (:ids)")
_WORKS = text("""
    SELECT EXISTS (SELECT FROM person_role pr JOIN role_permission rp USING (role_id)
                    WHERE pr.person_id = :person_id AND rp.permission = :work)
""")


def horizon(now: datetime) -> Horizon:
    """By the settings in force."""
    return Horizon(
        idle_since=now - timedelta(minutes=stored.value(IDLE_MINUTES)),
        strict_since=now - timedelta(minutes=stored.value(STRICT_IDLE_MINUTES)),
        absolute_since=now - timedelta(hours=stored.value(ABSOLUTE_HOURS)),
    )


def standing(ids: Collection[UUID], now: datetime) -> dict[UUID, datetime | None]:
    """Those of the sessions that live, and when the rights of their people last changed."""
    rows = db.session.execute(_STANDING, {"ids": list(ids), **_limits(now)})
    return {row.id: row.rights_at for row in rows}


def of_person(person_id: int, now: datetime) -> Sequence[Row]:
    """A person's live sessions, the latest used first."""
    return _rows(_OF_PERSON, person_id=person_id, **_limits(now))


def of_half(token: str, now: datetime) -> Sequence[Row]:
    """The live sessions of whoever has proved himself in a sign-in that waits for a word about them."""
    half = db.session.get(HalfSignIn, token_hash(token))
    if half is None or not half.proved or half.begun_at <= now - HALF_LASTS:
        return []
    return of_person(half.person_id, now)


def everyones(query: str, now: datetime, most: int, *, by_address: bool) -> Sequence[Row]:
    """Live sessions by name, login or, for those who may see it, address."""
    escaped = query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return _rows(_ALL, pattern=f"%{escaped}%" if query else "", most=most, by_address=by_address, **_limits(now))


def before(person_id: int, session_id: UUID | None) -> Before | None:
    """The latest sign-in of the person other than this session."""
    query = select(Session.started_at, Session.address, Session.device, Person.locale).join(
        Person, Person.id == Session.person_id
    )
    query = query.where(Session.person_id == person_id, Session.id != session_id)
    found = db.session.execute(query.order_by(Session.started_at.desc()).limit(1)).one_or_none()
    return Before(*found) if found else None


def works_at_desk(person_id: int) -> bool:
    """Whether the rule of one working session holds for the person."""
    return bool(db.session.scalar(_WORKS, {"person_id": person_id, "work": WORK.code}))


def knows_device(token: str, person_id: int, now: datetime) -> bool:
    """Whether this person has signed in with the device before."""
    known = db.session.get(KnownDevice, (token_hash(token), person_id)) if token else None
    return known is not None and known.last_at > now - DEVICE_LASTS


def locales() -> set[str]:
    """The languages of the people who are signed in."""
    return set(db.session.scalars(select(Person.locale).distinct().join(Session).where(Session.ended_at.is_(None))))


def _rows(query: Any, **values: Any) -> Sequence[Row]:
    return [Row(**row._mapping) for row in db.session.execute(query, values)]


def _limits(now: datetime) -> dict[str, Any]:
    return {**vars(horizon(now)), "strict": list(STRICT)}
