"""Traces of presence fade, and nothing depends on them."""

import time
from collections.abc import Iterator

import pytest

from app.base import redis, traces
from app.config import Settings


@pytest.fixture(autouse=True)
def _server(settings: Settings) -> Iterator[None]:
    redis.connect(settings.redis_url)
    yield
    redis.connect(settings.redis_url).flushdb()


def test_a_trace_is_news_once() -> None:
    assert traces.leave("chat:1", 7, "looks")
    assert not traces.leave("chat:1", 7, "looks")
    assert traces.leave("chat:1", 7, "types")
    assert traces.found("chat:1") == {7: "types"}


def test_an_old_trace_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    traces.leave("chat:1", 7, "looks")
    later = time.time() + traces.SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert traces.found("chat:1") == {}


def test_without_redis_nobody_is_there_and_nothing_breaks() -> None:
    redis.connect("unix:///nowhere.sock?db=0")
    assert not traces.leave("chat:1", 7, "looks")
    assert traces.found("chat:1") == {}
