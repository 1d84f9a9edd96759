"""A worker whose Redis dies under its job goes on as the same process, and still leaves when told."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from psycopg import Connection

from app.base import later, redis, wakeups
from tests.base.test_redis import Own
from tests.jobs.test_worker import Start, start, wait_until

__all__ = ["start"]  # the fixture
pytestmark = [pytest.mark.clause("8.7"), pytest.mark.usefixtures("app")]

_WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'inbox'::regclass"


@pytest.fixture
def home() -> Iterator[Path]:
    made = Path(mkdtemp(prefix="muloqot-redis-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def own(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Own]:
    """A Redis that may be killed, and by which this process rings."""
    made = Own(home)
    monkeypatch.setattr(redis, "_client", redis.client_for(made.url))
    yield made
    _kill(made)


def test_redis_dies_under_a_job_and_its_worker_takes_the_next_one(
    own: Own, home: Path, start: Start, superuser: "Connection[Any]"
) -> None:
    worker = start("jobs.worker", "hot", REDIS_URL=own.url)
    with superuser.transaction():
        superuser.execute("LOCK TABLE inbox")
        later.later(wakeups.DRAIN_INBOX)
        wait_until(lambda: superuser.execute(_WAITS).fetchone() != (0,))
        _kill(own)
    wait_until(lambda: superuser.execute(_WAITS).fetchone() == (0,))  # the job ends while Redis is away
    again = Own(home)
    try:
        later.later(wakeups.DRAIN_INBOX)
        wait_until(lambda: not redis.client().exists(wakeups.DRAIN_INBOX.key) and len(later.queue("hot")) == 0)
        wait_until(lambda: later.served() == ["hot"])
        assert worker.poll() is None
    finally:
        _kill(again)


def test_whoever_waits_for_redis_leaves_when_told(own: Own, start: Start) -> None:
    worker = start("jobs.worker", "hot", REDIS_URL=own.url)
    wait_until(lambda: later.served() == ["hot"] and redis.client().exists("rq:workers"))
    _kill(own)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0


@pytest.mark.clause("7.3")
def test_after_redis_has_lost_everything_whoever_works_is_seen_again(own: Own, start: Start) -> None:
    for name in ("hot", "send"):
        start("jobs.worker", name, REDIS_URL=own.url)
    wait_until(lambda: later.served() == ["hot", "send"])
    redis.client().flushall()
    wait_until(lambda: later.served() == ["hot", "send"])


def _kill(own: Own) -> None:
    own.process.kill()
    own.process.wait(20)
