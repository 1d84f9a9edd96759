"""Seats: rows taken with FOR UPDATE SKIP LOCKED, never a count, so never more than the licence has (clause 14.3).

A person's row is locked before a seat's (the order of locks in docs/architecture.md).
"""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.base.refusal import Refusal
from app.models.db import db, transaction
from app.queries import licence, seats


class NoLicence(Refusal):
    notice = _l("Work with chats needs a licence, and none is installed. Who may install it: %(who)s.")


class LicenceNotYet(Refusal):
    notice = _l("The licence holds from %(day)s. Who may install another: %(who)s.")


class LicenceEnded(Refusal):
    notice = _l("The licence ended on %(day)s, so no new seat can be taken. Who may install a new one: %(who)s.")


class NoSeat(Refusal):
    notice = _l("All seats are taken: %(taken)s of %(all)s. Who may free one: %(who)s.")


_FREE = "SELECT number FROM seat WHERE person_id IS NULL AND number <= :seats ORDER BY number LIMIT 1 FOR UPDATE"
_TAKE = """
    UPDATE seat SET person_id = :person_id, taken_at = :now WHERE number = ({}) RETURNING number
"""
# Those who press at once pass each other; only who finds nothing waits for whoever is just letting one go.
_TAKE_ANY = text(_TAKE.format(f"{_FREE} SKIP LOCKED"))
_TAKE_LAST = text(_TAKE.format(_FREE))
_LEAVE = text("UPDATE seat SET person_id = NULL, taken_at = NULL WHERE person_id = :person_id RETURNING number")
_MORE = text("INSERT INTO seat (number) SELECT generate_series(1, :seats) ON CONFLICT DO NOTHING")
# Who sits on a seat that is no longer paid for keeps it until leaving it.
_FEWER = text("DELETE FROM seat WHERE number > :seats AND person_id IS NULL")
_GONE = text("DELETE FROM seat WHERE number = :number AND number > :seats")
_EVENT = text("""
    INSERT INTO seat_event (at, what, person_id, held)
    VALUES (:now, :what, :person_id, (SELECT count(*) FROM seat WHERE person_id IS NOT NULL))
""")


def take(person_id: int, now: datetime) -> int:
    """A free seat's number, or the one held; the caller holds the person's lock.

    Raises NoLicence, LicenceNotYet, LicenceEnded, NoSeat.
    """
    held = seats.of_person(person_id)
    if held is not None:
        return held
    paid = licence.in_force(now)
    _check(paid)
    values = {"person_id": person_id, "now": now, "seats": paid.seats}
    number = db.session.scalar(_TAKE_ANY, values)
    if number is None:
        db.session.execute(_MORE, values)  # a licence may have come into force by its date
        number = db.session.scalar(_TAKE_LAST, values)
    if number is None:
        raise NoSeat(taken=seats.taken(), all=paid.seats, who=seats.who_may("seats.free"))
    _note("taken", person_id, now)
    return int(number)


def free(person_id: int, now: datetime) -> None:
    """Give the seat back; one that the licence no longer has is gone with it."""
    number = db.session.scalar(_LEAVE, {"person_id": person_id})
    if number is None:
        return
    _note("freed", person_id, now)
    paid = licence.in_force(now).licence
    db.session.execute(_GONE, {"number": number, "seats": paid.seats if paid else 0})


def fit(number: int) -> None:
    """As many rows as the licence has seats."""
    db.session.execute(_MORE, {"seats": number})
    db.session.execute(_FEWER, {"seats": number})


def refused(person_id: int, now: datetime) -> None:
    """Count the refusal, in a transaction of its own: the one that asked for the seat is gone."""
    with transaction():
        _note("refused", person_id, now)


def _check(paid: licence.InForce) -> None:
    found = paid.licence
    if found is None:
        raise NoLicence(who=seats.who_may("licence.install"))
    if paid.state == "early":
        raise LicenceNotYet(day=f"{found.valid_from:%d.%m.%Y}", who=seats.who_may("licence.install"))
    if paid.state == "over":
        raise LicenceEnded(day=f"{found.valid_to:%d.%m.%Y}", who=seats.who_may("licence.install"))


def _note(what: str, person_id: int, now: datetime) -> None:
    db.session.execute(_EVENT, {"now": now, "what": what, "person_id": person_id})
