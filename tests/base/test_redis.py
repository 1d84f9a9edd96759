"""Redis stands still, or its network swallows everything: nobody waits for it twice, and pushes are heard again."""

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest
from redis.exceptions import ConnectionError, RedisError, TimeoutError

from app.base import later, redis, wire
from app.base.later import Wakeup
from deploy.local import redis as server
from tests.chaos.roads import Road
from tests.deploy.conftest import until

pytestmark = pytest.mark.clause("8.7")
SECONDS = 30.0
PLANTED = Wakeup("slow", "jobs.upkeep.months")


class Own:
    """A Redis of this test alone."""

    def __init__(self, data: Path) -> None:
        child = server.child(data)
        self.url = server.url(data)
        self.socket = Path(self.url.removeprefix("unix://").partition("?")[0])
        self.process = subprocess.Popen(child.argv, cwd=child.cwd, stdout=subprocess.DEVNULL)
        until(lambda: child.ready and child.ready(self.process.pid))

    @contextmanager
    def stopped(self) -> Iterator[None]:
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def own() -> Iterator[Own]:
    data = Path(mkdtemp(prefix="muloqot-redis-"))
    made = Own(data)
    yield made
    made.process.kill()
    made.process.wait(SECONDS)
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture
def connected(own: Own, monkeypatch: pytest.MonkeyPatch) -> Own:
    """The process speaks with this Redis."""
    monkeypatch.setattr(redis, "_client", redis.client_for(own.url))
    redis.client().flushdb()
    return own


def answers() -> bool:
    try:
        return bool(redis.client().ping())
    except RedisError:
        return False


def test_a_stalled_redis_is_waited_for_once(connected: Own) -> None:
    with connected.stopped():
        with pytest.raises(TimeoutError):
            redis.client().ping()
        for _ in range(100):
            with pytest.raises(ConnectionError, match="a moment ago"):
                redis.client().ping()
    until(answers)
    assert redis.client().set("word", "after")


def test_a_pipeline_and_a_new_connection_wait_no_longer_either(connected: Own) -> None:
    with connected.stopped():
        with pytest.raises(TimeoutError), redis.client().pipeline() as pipeline:
            pipeline.get("word")
            pipeline.execute()
        redis.client().connection_pool.disconnect()
        with pytest.raises(ConnectionError, match="a moment ago"), redis.client().pipeline() as pipeline:
            pipeline.get("word")
            pipeline.execute()
    until(answers)


def test_one_asks_how_redis_is_while_the_others_go_on(connected: Own) -> None:
    with connected.stopped():
        with pytest.raises(TimeoutError):
            redis.client().ping()
        until(lambda: _error() is TimeoutError)  # the pause is over: this one asked
        assert _error() is ConnectionError
    until(answers)


def _error() -> type[Exception]:
    with pytest.raises(RedisError) as raised:
        redis.client().ping()
    return raised.type


def test_a_wake_up_is_given_up_while_redis_stands_still_and_rings_afterwards(connected: Own) -> None:
    with connected.stopped():
        assert not any(later.later(PLANTED) for _ in range(20))
        later.answered(PLANTED)
    until(lambda: later.later(PLANTED))


def test_pushes_are_lost_without_waiting_and_heard_again_after_the_standstill(connected: Own) -> None:
    manager, heard = _speaker(connected.url), _heard_by(connected.url)
    until(lambda: _arrives(1, manager, heard))
    with connected.stopped():
        for number in range(2, 100):
            manager._publish(number)
        assert manager.missed
    until(answers)
    until(lambda: _arrives(100, manager, heard))


def test_whoever_listens_notices_a_connection_on_which_everything_is_lost(connected: Own) -> None:
    road = Road(to=connected.socket)
    heard = _heard_by(f"redis://127.0.0.1:{road.port}/0", channel_of=connected.url)
    manager = _speaker(connected.url)
    until(lambda: _arrives(1, manager, heard))
    with road.swallowed():
        manager._publish(2)
    until(lambda: _arrives(3, manager, heard))
    assert b"2" not in heard
    road.close()


class _Server:
    """As much of a Socket.IO server as a manager asks for."""

    class packet_class:
        json = wire._Letters


def _speaker(url: str) -> wire._Manager:
    manager = wire._Manager(url)
    manager.set_server(_Server())
    return manager


def _arrives(number: int, manager: wire._Manager, heard: list[bytes]) -> bool:
    manager._publish(number)
    return str(number).encode() in heard


def _heard_by(url: str, channel_of: str = "") -> list[bytes]:
    """What another process hears from now on."""
    listener, heard = wire._Manager(url), []
    listener.channel = wire._channel(channel_of or url)

    def listen() -> None:
        for packet in listener._listen():
            heard.append(packet)

    threading.Thread(target=listen, daemon=True).start()
    return heard
