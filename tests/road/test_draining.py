"""Whoever empties the inbox gives way to what waits on the same queue, however much comes in."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.actions import intake
from app.base import clock, redis, wakeups
from tests.road.conftest import Bank, message

pytestmark = [pytest.mark.clause("15.2"), pytest.mark.own_database]
_WAITING = "SELECT count(*) FROM inbox WHERE state = 'new'"


def _ticking(seconds: float) -> Callable[[], datetime]:
    """A clock that each look moves on by so many seconds, and nothing else does."""
    began = clock.now()
    moments = (began + timedelta(seconds=seconds * number) for number in range(1000))
    return lambda: next(moments)


def _rung() -> bool:
    return bool(redis.client().exists(wakeups.DRAIN_INBOX.key))


def test_a_drain_takes_all_when_time_suffices_and_does_not_ring(bank: Bank) -> None:
    bank.hear(*(message(f"{number}", of=5000 + number) for number in range(intake.BATCH + 5)))
    redis.client().delete(wakeups.DRAIN_INBOX.key)
    intake.drain(_ticking(0))
    assert bank.one(_WAITING) == 0
    assert not _rung()


def test_a_drain_that_has_worked_its_while_leaves_the_rest_and_rings_again(bank: Bank) -> None:
    bank.hear(*(message(f"{number}", of=5000 + number) for number in range(intake.BATCH * 3)))
    redis.client().delete(wakeups.DRAIN_INBOX.key)
    intake.drain(_ticking(0.6))
    assert bank.one(_WAITING) == intake.BATCH * 2
    assert _rung()


def test_a_message_bears_the_moment_of_its_own_batch(bank: Bank) -> None:
    bank.hear(*(message(f"{number}", of=5000 + number) for number in range(intake.BATCH * 2)))
    intake.drain(_ticking(0.4))
    assert bank.one("SELECT count(DISTINCT taken_at) FROM inbox") == 2
