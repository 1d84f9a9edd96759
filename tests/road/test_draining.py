"""Whoever empties the inbox gives way to what waits on the same queue, however much comes in."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.actions import intake
from app.base import clock, redis, wakeups
from app.channels.contract import Raw
from jobs import worker
from tests.road.conftest import Bank, message

pytestmark = [pytest.mark.clause("15.2"), pytest.mark.own_database]
_WAITING = "SELECT count(*) FROM inbox WHERE state = 'new'"


def _ticking(seconds: float) -> Callable[[], datetime]:
    """A clock that each look moves on by so many seconds, and nothing else does."""
    began = clock.now()
    moments = (began + timedelta(seconds=seconds * number) for number in range(1000))
    return lambda: next(moments)


def _stored(bank: Bank, many: int) -> None:
    """So many clients have written, and nobody has rung: a ring goes its own way and might come later."""
    updates = [message(f"{number}", of=5000 + number) for number in range(many)]
    raws = [Raw(str(update["update_id"]), update) for update in updates]
    intake.accept(bank.channel_id, bank.kind, raws, clock.now(), ring=False)
    redis.client().delete(wakeups.DRAIN_INBOX.key)


def _rung() -> bool:
    return bool(redis.client().exists(wakeups.DRAIN_INBOX.key))


def test_a_drain_takes_all_when_time_suffices_and_does_not_ring(bank: Bank) -> None:
    _stored(bank, intake.BATCH + 5)
    assert not intake.drain(_ticking(0))
    assert bank.one(_WAITING) == 0
    assert not _rung()


def test_a_drain_that_has_worked_its_while_leaves_the_rest_and_rings_again(bank: Bank) -> None:
    _stored(bank, intake.BATCH * 3)
    assert intake.drain(_ticking(0.6))
    assert bank.one(_WAITING) == intake.BATCH * 2
    assert _rung()


def test_a_message_bears_the_moment_of_its_own_batch(bank: Bank) -> None:
    _stored(bank, intake.BATCH * 2)
    intake.drain(_ticking(0.4))
    assert bank.one("SELECT count(DISTINCT taken_at) FROM inbox") == 2


def test_without_redis_the_worker_goes_on_without_a_pause_until_all_is_taken(
    bank: Bank, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stored(bank, intake.BATCH * 3)
    monkeypatch.setattr(redis, "_client", redis.client_for("unix:///nowhere/redis.sock?db=0"))
    monkeypatch.setattr(intake, "_A_RUN", timedelta(microseconds=200))  # a batch takes longer

    looks = [worker._look(app, "hot") for _ in range(5)]

    assert bank.one(_WAITING) == 0
    assert looks == [True, True, True, False, False], "then it rests a second each time"


def test_a_drain_that_fails_is_not_tried_again_at_once(bank: Bank, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_now: Callable[[], datetime]) -> bool:
        raise OSError

    _stored(bank, 1)
    monkeypatch.setattr(redis, "_client", redis.client_for("unix:///nowhere/redis.sock?db=0"))
    monkeypatch.setattr(intake, "drain", fails)
    assert not worker._look(app, "hot")


def test_with_redis_there_the_worker_only_waits_to_be_rung(bank: Bank, app: Flask) -> None:
    _stored(bank, 1)
    assert not worker._look(app, "hot")
    assert bank.one(_WAITING) == 1
