"""Shifts and the spans of statuses in them, as dated records (clauses 8.2, 6.1). The person's row is locked first.

A shift belongs to the day of Tashkent on which it began, also when it goes on past midnight.
"""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import journal, seats
from app.base import wakeups
from app.base.clock import business_day
from app.base.later import later
from app.base.refusal import Refusal
from app.base.text import clean
from app.live import duty as screens
from app.models.db import Transaction, db, transaction
from app.models.duty import Duty
from app.models.journal import declare as declare_kind
from app.models.viewer import Viewer
from app.queries import duty as known

CORRECTED = declare_kind("shift.corrected", _l("Shift corrected"))
LONGEST_REASON = 500


class NoReason(Refusal):
    notice = _l("Say why the shift is corrected.")
    status = 422


class ShiftGoesOn(Refusal):
    notice = _l("This shift has not ended yet. Correct it afterwards.")


class OwnShift(Refusal):
    notice = _l("Nobody corrects one’s own shift. Ask a colleague.")
    status = 403


class WrongTimes(Refusal):
    notice = _l("A shift ends after it begins, lasts no longer than a day, and not into the future.")
    status = 422


class ShiftsMeet(Refusal):
    notice = _l("At this time the person has another shift already.")
    status = 422


class NoSuchShift(Refusal):
    notice = _l("There is no such shift.")
    status = 404


_LOCK = text("SELECT 1 FROM person WHERE id = :person_id FOR NO KEY UPDATE")
_BEGIN = text("INSERT INTO shift (person_id, day, began_at) VALUES (:person_id, :day, :now) RETURNING id")
_LEAVE = text("""
    UPDATE status_span SET ended_at = greatest(began_at, CAST(:at AS timestamptz))
     WHERE person_id = :person_id AND ended_at IS NULL
""")
_ENTER = text("""
    INSERT INTO status_span (shift_id, person_id, status_id, began_at, how, by_id)
    SELECT :shift_id, :person_id, :status_id,
           greatest(CAST(:at AS timestamptz), (SELECT max(ended_at) FROM status_span WHERE shift_id = :shift_id)),
           :how, :by_id
""")
_END = text("""
    UPDATE shift SET ended_at = greatest(began_at, CAST(:at AS timestamptz)), ended_how = :how
     WHERE id = :shift_id AND ended_at IS NULL
""")
_FORGET = text("DELETE FROM lease WHERE person_id = :person_id")
_SHIFT = text("SELECT id, person_id, day, began_at, ended_at FROM shift WHERE id = :id FOR UPDATE")
_MEETS = text("""
    SELECT 1 FROM shift WHERE person_id = :person_id AND id <> :id AND began_at < :ended_at
       AND coalesce(ended_at, 'infinity') > :began_at LIMIT 1
""")
_CORRECT = text("UPDATE shift SET began_at = :began_at, ended_at = :ended_at, day = :day WHERE id = :id")
_KEEP = text("""
    INSERT INTO shift_correction
      (shift_id, at, by_id, reason, old_began_at, old_ended_at, new_began_at, new_ended_at)
    VALUES (:id, :now, :by_id, :reason, :old_began_at, :old_ended_at, :began_at, :ended_at)
""")


def locked(person_id: int) -> Duty | None:
    """Lock the person and read what he does now."""
    db.session.execute(_LOCK, {"person_id": person_id})
    return known.duty_of(person_id)


def begin(person_id: int, now: datetime) -> int:
    """A new shift's id."""
    values = {"person_id": person_id, "day": business_day(now), "now": now}
    return int(db.session.execute(_BEGIN, values).scalar_one())


def enter(person_id: int, shift_id: int, status_id: int, how: str, by_id: int | None, at: datetime) -> None:
    """Leave the present status at this moment and begin another. `how`: chosen, set, lost, inactive."""
    values = {"person_id": person_id, "shift_id": shift_id, "status_id": status_id, "how": how, "by_id": by_id}
    db.session.execute(_LEAVE, {"person_id": person_id, "at": at})
    db.session.execute(_ENTER, {**values, "at": at})


def end(tx: Transaction, duty: Duty, how: str, now: datetime) -> None:
    """End the shift, and with it the seat. Of somebody lost it ended at the last sign of life."""
    at, how = (duty.since, "lost") if duty.lost else (now, how)
    db.session.execute(_LEAVE, {"person_id": duty.person_id, "at": at})
    db.session.execute(_END, {"shift_id": duty.shift_id, "at": at, "how": how})
    db.session.execute(_FORGET, {"person_id": duty.person_id})
    seats.free(duty.person_id, now)
    tx.after(screens.duty_changed, duty.person_id)
    tx.after(later, wakeups.ASSIGN)


def correct(
    shift_id: int,
    began_at: datetime,
    ended_at: datetime,
    reason: str,
    by: Viewer,
    origin: journal.Origin,
    now: datetime,
) -> None:
    """Other times for a shift that has ended; the old ones stay in the record and in the journal.

    Raises NoSuchShift, ShiftGoesOn, OwnShift, NoReason, WrongTimes, ShiftsMeet.
    """
    with journal.attempt(CORRECTED, by, now, origin, of=("shift", shift_id)), transaction():
        shift = db.session.execute(_SHIFT, {"id": shift_id}).one_or_none()
        if shift is None:
            raise NoSuchShift
        if shift.ended_at is None:
            raise ShiftGoesOn
        if shift.person_id == by.person_id:
            raise OwnShift
        reason = clean(reason, LONGEST_REASON).strip()
        _check(shift.person_id, shift_id, began_at, ended_at, reason, now)
        values = {"id": shift_id, "began_at": began_at, "ended_at": ended_at, "day": business_day(began_at)}
        old = {"old_began_at": shift.began_at, "old_ended_at": shift.ended_at}
        db.session.execute(_CORRECT, values)
        db.session.execute(_KEEP, {**values, **old, "now": now, "by_id": by.person_id, "reason": reason})
        before = {"began_at": shift.began_at, "ended_at": shift.ended_at}
        after = {"began_at": began_at, "ended_at": ended_at}
        of_person = {"of_person": shift.person_id, "reason": reason}
        journal.note(CORRECTED, by, now, origin, of=("shift", shift_id), before=before, after=after, **of_person)


def _check(person_id: int, shift_id: int, began_at: datetime, ended_at: datetime, reason: str, now: datetime) -> None:
    if not reason:
        raise NoReason
    if not began_at < ended_at <= now or (ended_at - began_at).total_seconds() > 86_400:
        raise WrongTimes
    values = {"person_id": person_id, "id": shift_id, "began_at": began_at, "ended_at": ended_at}
    if db.session.scalar(_MEETS, values):
        raise ShiftsMeet
