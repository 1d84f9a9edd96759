"""Schedules and absences from the bank's personnel system: connect it, try it, read it (clauses 7.5, 6.1)."""

import json
import logging
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import hrm_plans, hrm_wire, journal
from app.actions.hrm_wire import Trouble
from app.base import crypt, wakeups
from app.base.clock import business_day
from app.base.later import later
from app.base.refusal import Refusal
from app.models.db import db, transaction
from app.models.hrm import DAYS_AHEAD, DAYS_BACK, Row, Source
from app.models.journal import declare as declare_kind
from app.models.viewer import SYSTEM, AnyViewer
from app.queries import hrm as known

log = logging.getLogger(__name__)

CONNECTED = declare_kind("hrm.connected", _l("Personnel system connected"))
READ = declare_kind("hrm.read", _l("Schedules read from the personnel system"))
REMOVED = declare_kind("hrm.absence_removed", _l("Absence removed"))

# After a failure the service is asked again so soon, and so many rows that were wrong are kept to be looked at.
_AGAIN = timedelta(minutes=15)
_WRONG_KEPT = 50
MOST_HOURS = 168

_CONNECT = text("""
    INSERT INTO hrm_source (id, address, token, every_hours, next_at) VALUES (1, :address, :token, :hours, :next_at)
        ON CONFLICT (id) DO UPDATE SET address = excluded.address, token = excluded.token, trouble = '',
           every_hours = excluded.every_hours, next_at = excluded.next_at
""")
_TOKEN = text("SELECT token FROM hrm_source WHERE address = :address FOR UPDATE")
_DUE = text("UPDATE hrm_source SET next_at = :again WHERE next_at <= :now AND address <> '' RETURNING id")
_TROUBLE = text("UPDATE hrm_source SET tried_at = :now, trouble = :trouble")
_DONE = text("""
    UPDATE hrm_source SET tried_at = :now, read_at = :now, trouble = '', taken = :taken, wrong = CAST(:wrong AS jsonb),
           next_at = CASE WHEN every_hours > 0 THEN :now + make_interval(hours => every_hours) END
""")
_REMOVE = text("DELETE FROM absence WHERE id = :id RETURNING person_id, from_at, till_at, kind")


class AddressUnfit(Refusal):
    notice = _l("“%(address)s” is not an address. Write it like https://hrm.bank.uz/api.")
    status = 422


class HoursUnfit(Refusal):
    notice = _l("Write from 0 to %(most)s hours; with 0 the service is asked only by hand.")
    status = 422


class NotConnected(Refusal):
    notice = _l("Write the address of the personnel system first.")
    status = 422


class Gone(Refusal):
    notice = _l("This absence is no longer there.")


@dataclass(frozen=True)
class Wish:
    """What the form asks for. An empty token keeps the present one while the address stays the same."""

    address: str
    token: str = field(repr=False)
    every_hours: int


def connect(wish: Wish, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Save where the service is; an empty address disconnects it. Raises AddressUnfit, HoursUnfit."""
    with journal.attempt(CONNECTED, by, now, origin, of=("hrm", 1)), transaction() as tx:
        if wish.address:
            _check_address(wish.address)
        if not 0 <= wish.every_hours <= MOST_HOURS:
            raise HoursUnfit(most=MOST_HOURS)
        before = known.state()
        token = _token_for(wish)
        begins = now if wish.address and wish.every_hours else None
        values = {"address": wish.address, "token": token, "hours": wish.every_hours, "next_at": begins}
        db.session.execute(_CONNECT, values)
        journal.note(
            CONNECTED, by, now, origin, of=("hrm", 1),
            before={"address": before.address, "every_hours": before.every_hours},
            after={"address": wish.address, "every_hours": wish.every_hours, "token_changed": bool(wish.token)},
        )  # fmt: skip
        if begins:
            tx.after(later, wakeups.READ_HRM)


def check(wish: Wish, now: datetime) -> list[Row]:
    """Ask the service with what the form holds, and save nothing. Raises Trouble, AddressUnfit."""
    _check_address(wish.address)
    address, token = known.service()
    # The kept token goes nowhere but where it was given for.
    tried = wish.token or (token if wish.address == address else "")
    return _ask(wish.address, tried, *_period(now))


def read(by: AnyViewer, origin: journal.Origin, now: datetime) -> int:
    """Take over what the service says of the next two weeks; how many rows. Raises Trouble, NotConnected."""
    address, token = known.service()
    if not address:
        raise NotConnected
    period = _period(now)
    try:
        rows = _ask(address, token, *period)
        good = [row.plan for row in rows if row.plan is not None]
        if not good:
            raise Trouble("empty")
    except Trouble as trouble:
        with transaction():
            db.session.execute(_TROUBLE, {"now": now, "trouble": trouble.code})
            journal.note(READ, by, now, origin, of=("hrm", 1), outcome="refused", reason=trouble.code)
        raise
    wrong = [(row.number, row.login, row.wrong, row.said) for row in rows if row.wrong]
    with transaction() as tx:
        hrm_plans.keep(tx, good, Source.SERVICE, by, origin, now, period)
        kept = json.dumps(wrong[:_WRONG_KEPT])
        db.session.execute(_DONE, {"now": now, "taken": len(good), "wrong": kept})
        journal.note(READ, by, now, origin, of=("hrm", 1), rows=len(good), wrong=len(wrong))
    return len(good)


def read_due(now: datetime) -> bool:
    """Read when it is time; whoever comes second finds that it is not. A failure is tried again in a quarter."""
    with transaction():
        if db.session.scalar(_DUE, {"now": now, "again": now + _AGAIN}) is None:
            return False
    try:
        read(SYSTEM, journal.HERE, now)
    except Trouble as trouble:
        log.warning("the personnel system brought no schedules: %s", trouble.code)
    return True


def remove_absence(absence_id: int, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """He is back earlier. Raises Gone."""
    with transaction() as tx:
        row = db.session.execute(_REMOVE, {"id": absence_id}).one_or_none()
        if row is None:
            raise Gone
        before = {"from": row.from_at.isoformat(), "till": row.till_at.isoformat(), "kind": row.kind}
        journal.note(REMOVED, by, now, origin, of=("person", row.person_id), before=before)
        tx.after(later, wakeups.ASSIGN)


def _ask(address: str, token: str, first: date, last: date) -> list[Row]:
    people = known.logins()
    db.session.remove()  # no connection is held while the network answers
    return hrm_wire.ask(address, token, first, last, people)


def _period(now: datetime) -> tuple[date, date]:
    day = business_day(now)
    return day - timedelta(days=DAYS_BACK), day + timedelta(days=DAYS_AHEAD)


def _token_for(wish: Wish) -> bytes | None:
    if wish.token:
        return crypt.seal(wish.token, ("hrm_source.token", 1))
    kept: bytes | None = db.session.scalar(_TOKEN, {"address": wish.address})
    return kept


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        fits = parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc
        fits = fits and not parts.query and not parts.fragment and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise AddressUnfit(address=address[:100])
