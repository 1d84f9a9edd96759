"""Wake-ups: one is enough, none is an error when Redis is away."""

import json
import time
import zlib
from importlib import import_module

import pytest

from app.base import later, redis, wakeups
from app.base.later import Wakeup
from jobs.schedule import TABLE

pytestmark = pytest.mark.usefixtures("app")
PLANTED = Wakeup("slow", "jobs.upkeep.months")


def waiting() -> int:
    return len(later.queue("slow"))


def test_a_wake_up_rings_on_the_queue_it_was_declared_for() -> None:
    assert later.later(PLANTED)
    job = later.queue("slow").jobs[0]
    assert (job.func_name, job.args, job.kwargs) == ("jobs.upkeep.months", [], {})


def test_a_hundred_wake_ups_ring_once() -> None:
    assert all(later.later(PLANTED) for _ in range(100))
    assert waiting() == 1


def test_once_answered_it_rings_again() -> None:
    later.later(PLANTED)
    later.answered(PLANTED)
    later.later(PLANTED)
    assert waiting() == 2


def test_a_wake_up_whose_job_was_lost_rings_again() -> None:
    later.later(PLANTED)
    later.queue("slow").empty()
    later.later(PLANTED)
    assert waiting() == 1


def test_what_waits_is_json_and_never_code() -> None:
    later.later(PLANTED)
    data = redis.client().hget(later.queue("slow").jobs[0].key, "data")
    assert isinstance(data, bytes)
    assert json.loads(zlib.decompress(data))[0] == "jobs.upkeep.months"


def test_without_redis_the_wake_up_is_given_up_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(redis, "_client", redis.client_for("unix:///nowhere/redis.sock?db=0"))
        began = time.monotonic()
        assert later.later(PLANTED) is False
        later.answered(PLANTED)
        assert time.monotonic() - began < 1
    assert later.later(PLANTED) is True


def test_every_wake_up_has_a_queue_and_a_job_that_answers() -> None:
    declared = [one for one in vars(wakeups).values() if isinstance(one, Wakeup)]
    assert {one.wakeup for one in TABLE} <= set(declared)
    for one in declared:
        module, _, verb = one.job.rpartition(".")
        assert one.queue in later.QUEUES, one
        assert callable(getattr(import_module(module), verb)), one
