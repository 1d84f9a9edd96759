"""Who is at work, and what a person may do in the present status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.base.clock import business_day, day_bounds
from app.base.refusal import Refusal
from app.models.db import db
from app.models.duty import SEAT_IDLE_MINUTES, Duty
from app.queries import settings


@dataclass(frozen=True)
class Choice:
    """A status as the menu offers it. `full`: as many people are in it as may be."""

    id: int
    names: dict[str, str]
    colour: str
    minutes: int | None
    counts_as_work: bool
    takes_seat: bool
    takes_new_chats: bool
    full: bool


@dataclass(frozen=True)
class Stopped:
    """Somebody else has ended the person's work. `by`: the public name; "" when only the seat was freed."""

    at: datetime
    by: str


@dataclass(frozen=True)
class Menu:
    """What a person does now and may choose. `late_after`: seconds of this span until it is longer than it should be.

    `idle_after`: seconds without an act until the seat is freed; None without a seat. `chats`: open ones.
    `stopped`: how the work last ended, until it is begun anew; None when he himself has ended it.
    """

    person_id: int
    duty: Duty | None
    choices: Sequence[Choice]
    chats: int
    late_after: int | None
    idle_after: int | None
    now: datetime
    stopped: Stopped | None = None

    @property
    def beginnings(self) -> list[Choice]:
        """What a shift may begin with."""
        return [one for one in self.choices if one.counts_as_work]

    @property
    def serves(self) -> bool:
        return self.duty is not None and self.duty.serves

    @property
    def seconds(self) -> int:
        """How long the present status lasts."""
        return int((self.now - self.duty.since).total_seconds()) if self.duty else 0


class NotAtWork(Refusal):
    notice = _l("Start work first: choose a status.")


_SERVES = text("""
    SELECT 1 FROM status_span s JOIN work_status w ON w.id = s.status_id JOIN seat ON seat.person_id = s.person_id
     WHERE s.person_id = :person_id AND s.ended_at IS NULL AND w.takes_seat
""")

_DUTY = text("""
    SELECT s.person_id, s.shift_id, s.status_id, w.code, w.names, w.colour, w.takes_new_chats,
           w.keeps_chats, w.takes_seat, s.began_at AS since, s.how, seat.number AS seat
      FROM status_span s JOIN work_status w ON w.id = s.status_id
      LEFT JOIN seat ON seat.person_id = s.person_id
     WHERE s.person_id = :person_id AND s.ended_at IS NULL
""")


def must_serve(person_id: int) -> None:
    """Only who is at work in a status with a seat, and holds one, answers clients (clause 14.1). Raises NotAtWork."""
    if db.session.scalar(_SERVES, {"person_id": person_id}) is None:
        raise NotAtWork


def duty_of(person_id: int) -> Duty | None:
    """What the person does now; None before the shift begins and after it ends."""
    row = db.session.execute(_DUTY, {"person_id": person_id}).one_or_none()
    return None if row is None else Duty(**row._mapping)


_MAY = """
    w.archived_at IS NULL AND w.code IS NULL AND (w.role_ids = '{}' OR EXISTS (
      SELECT FROM person_role pr WHERE pr.person_id = :person_id AND pr.role_id = ANY(w.role_ids)))
"""
_MAY_CHOOSE = text(f"SELECT 1 FROM work_status w WHERE w.id = :status_id AND {_MAY}")  # noqa: S608 - our own words
_CHOICES = text(f"""
    SELECT w.id, w.names, w.colour, w.recommended_minutes AS minutes, w.counts_as_work, w.takes_seat,
           w.takes_new_chats, w.most_people <= (
             SELECT count(*) FROM status_span s
              WHERE s.status_id = w.id AND s.ended_at IS NULL AND s.person_id <> :person_id) IS TRUE AS full
      FROM work_status w WHERE {_MAY} ORDER BY w.position, w.id
""")  # noqa: S608 - our own words
_LIMITS = text("SELECT recommended_minutes, daily_minutes FROM work_status WHERE id = :status_id")
# Of this day alone, without the present span.
_SPENT = text("""
    SELECT coalesce(sum(extract(epoch FROM ended_at - greatest(began_at, :since))), 0) FROM status_span
     WHERE person_id = :person_id AND status_id = :status_id AND ended_at > :since
""")
# Also of somebody lost, whose shift ended before, and of somebody who was not at work: the chats were his.
_STOPPED = text("""
    SELECT coalesce(t.at, h.ended_at) AS at, coalesce(p.public_name, '') AS by
      FROM (SELECT 1) AS one
      LEFT JOIN LATERAL (SELECT began_at, ended_at, ended_how FROM shift WHERE person_id = :person_id
                          ORDER BY began_at DESC LIMIT 1) h ON true
      LEFT JOIN LATERAL (SELECT at, by_id FROM stop
                          WHERE person_id = :person_id AND undone_at IS NULL
                            AND at >= coalesce(h.began_at, '-infinity') ORDER BY at DESC LIMIT 1) t ON true
      LEFT JOIN person p ON p.id = t.by_id
     WHERE t.at IS NOT NULL OR h.ended_how = 'stopped'
""")
_CHATS = text("SELECT count(*) FROM standing WHERE owner_id = :person_id")
_LOCALE = text("SELECT locale FROM person WHERE id = :person_id")

_SUPERVISORS = text("""
    SELECT p.id, p.locale FROM person p
     WHERE p.id <> :person_id AND p.blocked_at IS NULL AND p.deleted_at IS NULL AND EXISTS (
       SELECT FROM person_role pr JOIN role_permission rp USING (role_id)
        WHERE pr.person_id = p.id AND rp.permission = 'chats.manage' AND (rp.scope = 'all' OR rp.scope = 'groups'
          AND EXISTS (SELECT FROM group_member a JOIN group_member b USING (group_id)
                       WHERE a.person_id = p.id AND b.person_id = :person_id)))
""")


def may_choose(status_id: int, person_id: int) -> bool:
    """Whether the status is offered to this person at all."""
    return db.session.scalar(_MAY_CHOOSE, {"status_id": status_id, "person_id": person_id}) is not None


def menu(person_id: int, now: datetime) -> Menu:
    """What the menu of statuses and the band above the desk show."""
    who = {"person_id": person_id}
    duty = duty_of(person_id)
    choices = [Choice(**row._mapping) for row in db.session.execute(_CHOICES, who)]
    late = _late_after(duty, now) if duty is not None else None
    idle = _idle_after(duty) if duty is not None and duty.seat is not None else None
    stopped = _stopped(person_id) if duty is None else None
    return Menu(person_id, duty, choices, db.session.scalar(_CHATS, who) or 0, late, idle, now, stopped)


def locale_of(person_id: int) -> str:
    return str(db.session.scalar(_LOCALE, {"person_id": person_id}) or "ru")


def late_after(person_id: int, now: datetime) -> int | None:
    """After how many seconds the present status is longer than it should be; None without a limit."""
    duty = duty_of(person_id)
    return None if duty is None else _late_after(duty, now)


def supervisors_of(person_id: int) -> dict[str, list[int]]:
    """Who supervises this person's chats, everybody's or those of a common group, by the language they read."""
    found: dict[str, list[int]] = {}
    for row in db.session.execute(_SUPERVISORS, {"person_id": person_id}):
        found.setdefault(row.locale, []).append(row.id)
    return found


def _stopped(person_id: int) -> Stopped | None:
    row = db.session.execute(_STOPPED, {"person_id": person_id}).one_or_none()
    return None if row is None else Stopped(*row)


def _late_after(duty: Duty, now: datetime) -> int | None:
    """The sooner of what is recommended for one time and what is left of the day's."""
    limits = db.session.execute(_LIMITS, {"status_id": duty.status_id}).one()
    found = [] if limits.recommended_minutes is None else [limits.recommended_minutes * 60]
    if limits.daily_minutes is not None:
        since = day_bounds(business_day(now))[0]
        values = {"person_id": duty.person_id, "status_id": duty.status_id, "since": since}
        spent = int(db.session.scalar(_SPENT, values) or 0)
        before = max(since - duty.since, timedelta()).total_seconds()  # the part of this span that was yesterday
        found.append(max(0, limits.daily_minutes * 60 - spent + int(before)))
    return min(found, default=None)


def _idle_after(duty: Duty) -> int:
    """As the sweeper judges: never shorter than the status itself recommends."""
    limits = db.session.execute(_LIMITS, {"status_id": duty.status_id}).one()
    return 60 * max(settings.value(SEAT_IDLE_MINUTES), limits.recommended_minutes or 0)
