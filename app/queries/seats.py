"""Seats: who holds them, who was refused, and how many were needed at once (clause 14.4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.base.clock import TASHKENT, day_bounds
from app.models.db import db
from app.models.viewer import AnyViewer
from app.queries import staff


@dataclass(frozen=True)
class Holder:
    """Who sits on a seat. `active_at`: the last act of this person."""

    number: int
    taken_at: datetime
    person_id: int
    name: str
    login: str
    names: dict[str, str] | None
    colour: str | None
    active_at: datetime | None


@dataclass(frozen=True)
class Held:
    """How many seats are taken by anybody, and the holders whom the viewer looks after."""

    taken: int
    holders: Sequence[Holder]


@dataclass(frozen=True)
class Refused:
    at: datetime
    name: str
    login: str
    held: int


@dataclass(frozen=True)
class Peak:
    """The most seats held at once in one hour (or day) of Tashkent, and how often somebody was refused."""

    begins: datetime
    held: int
    refused: int


_OF_PERSON = text("SELECT number FROM seat WHERE person_id = :person_id")
_TAKEN = text("SELECT count(*) FROM seat WHERE person_id IS NOT NULL")
_HOLDERS = text("""
    SELECT seat.number, seat.taken_at, p.id AS person_id, p.name, p.login, w.names, w.colour, l.active_at
      FROM seat JOIN person p ON p.id = seat.person_id
      LEFT JOIN status_span s ON s.person_id = p.id AND s.ended_at IS NULL
      LEFT JOIN work_status w ON w.id = s.status_id LEFT JOIN lease l ON l.person_id = p.id
     ORDER BY p.name, p.id
""")
# Who is signed in stands first: it is they who can help now.
_WHO_MAY = text("""
    SELECT p.name FROM person p
     WHERE p.blocked_at IS NULL AND p.deleted_at IS NULL AND NOT p.technical AND EXISTS (
           SELECT FROM person_role pr JOIN role_permission rp USING (role_id)
            WHERE pr.person_id = p.id AND rp.permission = :permission)
     ORDER BY (SELECT max(s.seen_at) FROM session s WHERE s.person_id = p.id AND s.ended_at IS NULL) DESC NULLS LAST,
           p.name LIMIT 3
""")
_REFUSED = text("""
    SELECT e.at, p.name, p.login, e.held FROM seat_event e JOIN person p ON p.id = e.person_id
     WHERE e.what = 'refused' AND e.at >= :since AND e.at < :until AND e.person_id = ANY(:people)
     ORDER BY e.at DESC, e.id DESC LIMIT 50
""")
_WERE_REFUSED = text("""
    SELECT DISTINCT person_id FROM seat_event WHERE what = 'refused' AND at >= :since AND at < :until
""")
_BEFORE = text("""
    SELECT coalesce(sum(CASE what WHEN 'taken' THEN 1 WHEN 'freed' THEN -1 ELSE 0 END), 0)
      FROM seat_event WHERE at < :since
""")
# Counted from what was taken and freed, not from `held`, which two at once write without seeing each other.
_HOURS = text("""
    SELECT date_trunc('hour', at AT TIME ZONE 'Asia/Tashkent') AS begins, max(held) AS most,
           (array_agg(held ORDER BY at DESC, id DESC))[1] AS last, count(*) FILTER (WHERE what = 'refused') AS refused
      FROM (SELECT at, id, what, :before + sum(CASE what WHEN 'taken' THEN 1 WHEN 'freed' THEN -1 ELSE 0 END)
                   OVER (ORDER BY at, id) AS held
              FROM seat_event WHERE at >= :since AND at < :until) e
     GROUP BY 1 ORDER BY 1
""")


def of_person(person_id: int) -> int | None:
    number: int | None = db.session.scalar(_OF_PERSON, {"person_id": person_id})
    return number


def taken() -> int:
    return int(db.session.scalar(_TAKEN) or 0)


def who_may(permission: str) -> str:
    """Names of up to three people who hold the right, those who are signed in first."""
    return ", ".join(db.session.scalars(_WHO_MAY, {"permission": permission})) or "–"


def held(viewer: AnyViewer) -> Held:
    found = [Holder(**row._mapping) for row in db.session.execute(_HOLDERS)]
    known = staff.looked_after(viewer, [one.person_id for one in found])
    return Held(len(found), [one for one in found if one.person_id in known])


def refusals(viewer: AnyViewer, first: date, last: date) -> Sequence[Refused]:
    """The newest of the days `first` to `last` of the people whom the viewer looks after, fifty at most."""
    bounds = _bounds(first, last)
    known = staff.looked_after(viewer, db.session.scalars(_WERE_REFUSED, bounds).all())
    rows = db.session.execute(_REFUSED, {**bounds, "people": sorted(known)})
    return [Refused(**row._mapping) for row in rows]


def peaks(first: date, last: date, now: datetime) -> list[Peak]:
    """Hour by hour for one day, day by day for a longer time; nothing of what is still to come."""
    bounds = _bounds(first, last)
    before = int(db.session.scalar(_BEFORE, bounds) or 0)
    rows = db.session.execute(_HOURS, {**bounds, "before": before})
    hours = {row.begins.replace(tzinfo=TASHKENT): row for row in rows}
    found = list(_filled(hours, before, bounds["since"].astimezone(TASHKENT), min(bounds["until"], now)))
    return found if first == last else list(_by_day(found))


def _filled(hours: dict[datetime, Any], held: int, begins: datetime, until: datetime) -> Iterator[Peak]:
    """An hour in which nobody came or went has the seats of the hour before."""
    while begins < until:
        row = hours.get(begins)
        yield Peak(begins, int(max(held, row.most)) if row else held, row.refused if row else 0)
        held = int(row.last) if row else held
        begins += timedelta(hours=1)


def _by_day(hours: Sequence[Peak]) -> Iterator[Peak]:
    days: dict[date, list[Peak]] = {}
    for hour in hours:
        days.setdefault(hour.begins.date(), []).append(hour)
    for parts in days.values():
        yield Peak(parts[0].begins, max(one.held for one in parts), sum(one.refused for one in parts))


def _bounds(first: date, last: date) -> dict[str, Any]:
    return {"since": day_bounds(first)[0], "until": day_bounds(last)[1]}
