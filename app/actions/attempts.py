"""Tries at a secret, counted in PostgreSQL before their outcome is known: a hundred at once get no further than one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.actions import journal
from app.base import locale
from app.base.crypt import keyed_hash
from app.base.refusal import Refusal
from app.models.attempts import LOCK_MINUTES, MOST, MOST_OF_ADDRESS, AttemptCounter, Count, Rule, taken, wait
from app.models.db import db, retried, transaction
from app.models.journal import declare as declare_kind
from app.queries import settings as stored

TURNED_AWAY = declare_kind("session.turned_away", _l("Too many attempts: turned away"))

# Of those that are turned away the first is journalled, and then every so many.
_NOTED_EVERY = 100
_FORGOTTEN_AFTER = timedelta(days=2)


class TooManyTries(Refusal):
    """Said of any login, whether there is such a person or not."""

    notice = _l("Too many attempts. Wait %(wait)s and try again.")
    status = 429


@dataclass(frozen=True)
class Counted:
    """What a try is counted for: ("account", login), ("address", address), ("device", token:person)…"""

    kind: str
    of: str

    @property
    def key(self) -> bytes:
        return keyed_hash("attempts", f"{self.kind}:{self.of}")

    @property
    def rule(self) -> Rule:
        lock = timedelta(minutes=stored.value(LOCK_MINUTES))
        if self.kind == "address":
            return Rule(stored.value(MOST_OF_ADDRESS), lock, patient=False)
        return Rule(stored.value(MOST), lock)


def let_through(counted: Sequence[Counted], login: str, origin: journal.Origin, now: datetime) -> None:
    """Count one try for each. Raises TooManyTries, and then none of them counts it."""
    longest = _take(counted, login, origin, now)
    if longest:
        raise TooManyTries(wait=locale.span(longest.total_seconds() + 0.999))


def succeeded(counted: Sequence[Counted]) -> None:
    """Forget what led to a success. An address only takes back this try: it may still be guessing at others."""
    keys = [one.key for one in counted if one.kind != "address"]
    db.session.execute(delete(AttemptCounter).where(AttemptCounter.key.in_(keys)))
    for one in counted:
        if one.kind == "address" and (row := db.session.get(AttemptCounter, one.key, with_for_update=True)):
            row.attempts, row.locked_until = max(row.attempts - 1, 0), None


def sweep(now: datetime) -> None:
    """Drop counters nobody needs any more."""
    old = AttemptCounter.since < now - _FORGOTTEN_AFTER
    unlocked = or_(AttemptCounter.locked_until.is_(None), AttemptCounter.locked_until < now)
    db.session.execute(delete(AttemptCounter).where(old, unlocked))


@retried
def _take(counted: Sequence[Counted], login: str, origin: journal.Origin, now: datetime) -> timedelta:
    with transaction():
        rows = _locked(counted, now)
        waits = {one: wait(_count(rows[one.key]), one.rule, now) for one in counted}
        longest = max(waits.values())
        for one in counted:
            row = rows[one.key]
            if not longest:
                _keep(row, taken(_count(row), one.rule, now))
            elif waits[one]:
                row.turned_away += 1
                if row.turned_away % _NOTED_EVERY == 1:
                    journal.note(TURNED_AWAY, None, now, origin, login=login[:64], outcome="refused",
                                 counted=one.kind, times=row.turned_away)  # fmt: skip
        return longest


def _locked(counted: Sequence[Counted], now: datetime) -> dict[bytes, AttemptCounter]:
    """The counters, always taken in the same order, so that two tries never wait for each other."""
    keys = sorted(one.key for one in counted)
    for key in keys:
        db.session.execute(insert(AttemptCounter).values(key=key, since=now).on_conflict_do_nothing())
    query = select(AttemptCounter).where(AttemptCounter.key.in_(keys)).order_by(AttemptCounter.key)
    rows = db.session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {bytes(row.key): row for row in rows}


def _count(row: AttemptCounter) -> Count:
    return Count(row.since, row.attempts, row.last_at, row.locked_until)


def _keep(row: AttemptCounter, count: Count) -> None:
    if count.since != row.since:
        row.turned_away = 0
    row.since, row.attempts = count.since, count.attempts
    row.last_at, row.locked_until = count.last_at, count.locked_until
