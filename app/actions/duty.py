"""Be at work: choose a status, finish the shift, sign out, be stopped (clauses 8.2, 3.3, 14.1).

The person changes first and the chats go on in a transaction of their own: a chat is locked before a person, never
the other way round. What a crash leaves between the two the sweeper finds.
"""

from datetime import datetime

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import journal, routing, seats, sessions, shifts
from app.actions.leases import begin as begin_lease
from app.base import wakeups
from app.base.later import later
from app.base.refusal import Refusal
from app.live import duty as screens
from app.models.db import Transaction, db, retried, transaction
from app.models.journal import declare as declare_kind
from app.models.names import pick
from app.models.viewer import AnyViewer, Viewer
from app.models.work_status import WorkStatus
from app.queries import duty as known
from app.queries import staff

SEAT_FREED = declare_kind("seat.freed", _l("Seat freed by hand"))
STATUS_SET = declare_kind("status.set", _l("Status set for somebody"))


class NotForYou(Refusal):
    notice = _l("This status is not one of yours. Choose another.")
    status = 403


class StatusFull(Refusal):
    notice = _l("“%(status)s” is full: %(n)s people are in it now. Wait, or choose another.")


class BeginWithWork(Refusal):
    notice = _l("A shift begins with a status that counts as work time. Choose one of those first.")


class HoldsNoSeat(Refusal):
    notice = _l("This person holds no seat any more.")


_hand_on = retried(routing.hand_on)

_IN_IT = text("""
    SELECT count(*) FROM status_span WHERE status_id = :status_id AND ended_at IS NULL AND person_id <> :person_id
""")


def choose(status_id: int, by: Viewer, now: datetime) -> None:
    """Go into a status; with the first one of work time a shift begins, with the first serving one a seat is taken.

    Raises NotForYou, StatusFull, BeginWithWork, and what seats.take raises.
    """
    if not known.may_choose(status_id, by.person_id):
        raise NotForYou
    _go(status_id, by.person_id, by, "chosen", now)


def set_for(person_id: int, status_id: int, by: Viewer, origin: journal.Origin, now: datetime) -> None:
    """Put somebody who is at work into another status, journalled. Raises as `choose`, NotAtWork, NotYourPeople."""
    with journal.attempt(STATUS_SET, by, now, origin, of=("person", person_id)):
        staff.must_supervise(by, person_id)
        before = known.duty_of(person_id)
        if before is None:
            raise known.NotAtWork
        if not known.may_choose(status_id, person_id):
            raise NotForYou
        _go(status_id, person_id, by, "set", now)
    with transaction():
        was = before.status_id
        journal.note(STATUS_SET, by, now, origin, of=("person", person_id), before=was, after=status_id)


def finish(by: Viewer, now: datetime) -> None:
    """End one's shift: the seat is free, open chats go on to others. Nothing when there is none."""
    _end(by.person_id, "finished", "shift", by, now)


def sign_out(by: Viewer, origin: journal.Origin, now: datetime) -> None:
    """End the shift and the session."""
    _end(by.person_id, "signed out", "shift", by, now)
    sessions.sign_out(by, origin, now)


def stop(person_id: int, by: AnyViewer, now: datetime) -> None:
    """Somebody else ends the shift: a block, a stop. Part of the verb that journals it."""
    _end(person_id, "stopped", "stopped", by, now)


def free_seat(person_id: int, by: Viewer, origin: journal.Origin, now: datetime) -> None:
    """Take the seat of somebody: the shift ends, the chats go on to others. Raises NotYourPeople, HoldsNoSeat."""
    with journal.attempt(SEAT_FREED, by, now, origin, of=("person", person_id)):
        staff.must_look_after(by, person_id)
        with transaction() as tx:
            duty = shifts.locked(person_id)
            if duty is None or duty.seat is None:
                raise HoldsNoSeat
            shifts.end(tx, duty, "stopped", now)
            journal.note(SEAT_FREED, by, now, origin, of=("person", person_id), seat=duty.seat)
        _hand_on(person_id, "stopped", by, now)


def _go(status_id: int, person_id: int, by: Viewer, how: str, now: datetime) -> None:
    try:
        status = _entered(status_id, person_id, by, how, now)
    except (seats.NoSeat, seats.NoLicence, seats.LicenceEnded, seats.LicenceNotYet):
        seats.refused(person_id, now)
        raise
    if not status.keeps_chats:
        _hand_on(person_id, "status", by, now)


@retried
def _entered(status_id: int, person_id: int, by: Viewer, how: str, now: datetime) -> WorkStatus:
    with transaction() as tx:
        return _enter(tx, status_id, person_id, by, how, now)


def _enter(tx: Transaction, status_id: int, person_id: int, by: Viewer, how: str, now: datetime) -> WorkStatus:
    duty = shifts.locked(person_id)
    status = db.session.get_one(WorkStatus, status_id)
    if duty is not None and duty.status_id == status_id:
        return status
    if duty is None and not status.counts_as_work:
        raise BeginWithWork
    if status.takes_seat:
        seats.take(person_id, now)
    else:
        seats.free(person_id, now)
    _check_room(status, person_id)
    shift_id = shifts.begin(person_id, now) if duty is None else duty.shift_id
    shifts.enter(person_id, shift_id, status_id, how, by.person_id, now)
    if how == "chosen":
        begin_lease(person_id, by.session_id, now)
    tx.after(screens.duty_changed, person_id)
    tx.after(later, wakeups.ASSIGN)
    return status


def _check_room(status: WorkStatus, person_id: int) -> None:
    """Those who go into a limited status go one after another."""
    if status.most_people is None:
        return
    db.session.refresh(status, with_for_update=True)
    inside = db.session.scalar(_IN_IT, {"status_id": status.id, "person_id": person_id}) or 0
    if status.most_people is not None and inside >= status.most_people:
        raise StatusFull(status=pick(status.names, str(get_locale() or "ru")), n=inside)


def _end(person_id: int, how: str, why: str, by: AnyViewer, now: datetime) -> None:
    if _ended(person_id, how, now):
        _hand_on(person_id, why, by, now)


@retried
def _ended(person_id: int, how: str, now: datetime) -> bool:
    with transaction() as tx:
        duty = shifts.locked(person_id)
        if duty is not None:
            shifts.end(tx, duty, how, now)
        return duty is not None
