"""Whose time is planned how: who is to be given nothing now, and what was planned for a day (clauses 7.5, 6.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text

from app.base import crypt
from app.base.clock import business_day
from app.models.db import db
from app.models.dispatch import Not
from app.models.hrm import KNOWN_DAYS, RESPECTED, State, Wrong
from app.queries import settings

_AWAY = text("""
    SELECT person_id, true AS absent FROM absence WHERE from_at <= :now AND till_at > :now
     UNION ALL
    SELECT person_id, false FROM schedule WHERE day BETWEEN :first AND :last
     GROUP BY person_id HAVING NOT bool_or(from_at <= :now AND till_at > :now)
""")
_STATE = text("""
    SELECT address, token IS NOT NULL AS has_token, every_hours, tried_at, read_at, trouble, taken, wrong
      FROM hrm_source
""")
_SERVICE = text("SELECT address, token FROM hrm_source")
_LOGINS = text("SELECT lower(login) AS login, id FROM person WHERE deleted_at IS NULL")
_COUNTS = text("""
    SELECT (SELECT count(DISTINCT person_id) FROM schedule WHERE day BETWEEN :day AND :last) AS people,
           (SELECT count(*) FROM schedule WHERE day BETWEEN :day AND :last) AS shifts,
           (SELECT max(day) FROM schedule) AS until
""")
_ABSENCES = text("""
    SELECT a.id, p.name, p.login, a.from_at, a.till_at, a.kind, a.source
      FROM absence a JOIN person p ON p.id = a.person_id
     WHERE a.till_at > :now ORDER BY a.from_at, p.name LIMIT :most
""")
MOST_SHOWN = 200


@dataclass(frozen=True)
class Counts:
    """What is planned for a week from a day. `until`: the last day with a plan."""

    people: int
    shifts: int
    until: date | None


@dataclass(frozen=True)
class Away:
    """An absence that goes on or comes."""

    id: int
    name: str
    login: str
    from_at: datetime
    till_at: datetime
    kind: str
    source: str


def away(now: datetime) -> dict[int, Not]:
    """Who is given nothing at this moment, and why. Empty while plans are not respected."""
    if not settings.value(RESPECTED):
        return {}
    day = business_day(now)
    span = timedelta(days=KNOWN_DAYS)
    found: dict[int, Not] = {}
    for row in db.session.execute(_AWAY, {"now": now, "first": day - span, "last": day + span}):
        if row.absent or row.person_id not in found:
            found[row.person_id] = Not.ABSENT if row.absent else Not.SCHEDULE
    return found


def state() -> State:
    row = db.session.execute(_STATE).one_or_none()
    if row is None:
        return State("", False, 0, None, None, "", 0, [])
    wrong = [(number, login, Wrong(code), said) for number, login, code, said in row.wrong]
    return State(**{**row._mapping, "wrong": wrong})


def service() -> tuple[str, str]:
    """The service's address and token; empty where there is none."""
    row = db.session.execute(_SERVICE).one_or_none()
    address, token = row if row else ("", None)
    return address, crypt.opened(token, "hrm_source.token", 1)


def logins() -> dict[str, int]:
    return {row.login: row.id for row in db.session.execute(_LOGINS)}


def counts(now: datetime) -> Counts:
    day = business_day(now)
    return Counts(*db.session.execute(_COUNTS, {"day": day, "last": day + timedelta(days=6)}).one())


def absences(now: datetime) -> Sequence[Away]:
    """Those that go on or come, the nearest first."""
    return [Away(**row._mapping) for row in db.session.execute(_ABSENCES, {"now": now, "most": MOST_SHOWN})]
