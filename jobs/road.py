"""The road of a message, as the workers walk it. Wake-ups carry no id: the work is found in PostgreSQL."""

from app.actions import delivery, fetching, intake, listening, snoozing
from app.base import clock, wakeups
from app.base.later import answered


def drain_inbox() -> bool:
    """Whether there may be more."""
    answered(wakeups.DRAIN_INBOX)
    return intake.drain(clock.now)


def drain_outbox() -> None:
    answered(wakeups.DRAIN_OUTBOX)
    delivery.drain(clock.now)


def fetch_files() -> None:
    answered(wakeups.FETCH_FILES)
    fetching.fetch(clock.now())


def wake_snoozed() -> None:
    answered(wakeups.WAKE_SNOOZED)
    snoozing.wake(clock.now())


def listen() -> None:
    answered(wakeups.LISTEN)
    listening.listen(clock.now)
