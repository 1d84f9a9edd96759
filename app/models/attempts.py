"""How many tries at a secret there may be, and when the next. A rule over numbers: no database, no clock."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models import setting
from app.models.db import Base

MOST = setting.declare(
    "sessions.attempts",
    "int",
    10,
    _l("Failed sign-ins until lock-out"),
    _l("Counted for a login, and apart for each device its owner has signed in with before."),
    low=3,
    high=20,
)
MOST_OF_ADDRESS = setting.declare(
    "sessions.address_attempts",
    "int",
    60,
    _l("Failed sign-ins from one address until lock-out"),
    _l("An office that shares one address needs more. Known devices are not counted."),
    low=10,
    high=1000,
)
LOCK_MINUTES = setting.declare(
    "sessions.lock_minutes", "int", 30, _l("Lock-out lasts"), low=1, high=1440, unit=_l("min")
)

# Within so long a time tries are added up.
WINDOW = timedelta(minutes=15)
# So many tries cost nothing; each further one waits twice as long as the one before.
FREE = 5


class AttemptCounter(Base):
    """`key` is a keyed hash of what is counted: an account, an address, a person's known device."""

    __tablename__ = "attempt_counter"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    since: Mapped[datetime]
    last_at: Mapped[datetime | None]
    locked_until: Mapped[datetime | None]
    turned_away: Mapped[int] = mapped_column(Integer, default=0)


@dataclass(frozen=True)
class Rule:
    """`most` tries in the window, then locked for `lock`. `patient`: also ever longer waits before that."""

    most: int
    lock: timedelta
    patient: bool = True


@dataclass(frozen=True)
class Count:
    since: datetime
    attempts: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None


def wait(count: Count, rule: Rule, now: datetime) -> timedelta:
    """How long until the next try is let through; nothing when it may be made now."""
    if count.locked_until is not None:
        return max(count.locked_until - now, timedelta())
    if count.last_at is None or now - count.since > WINDOW or not rule.patient or count.attempts < FREE:
        return timedelta()
    return max(count.last_at + timedelta(seconds=2 ** (count.attempts - FREE)) - now, timedelta())


def taken(count: Count, rule: Rule, now: datetime) -> Count:
    """The count after a try that was let through. It is counted before its outcome is known."""
    over = count.locked_until is not None or now - count.since > WINDOW
    count = Count(since=now) if over else count
    attempts = count.attempts + 1
    return replace(
        count, attempts=attempts, last_at=now, locked_until=now + rule.lock if attempts >= rule.most else None
    )
