"""Redis: the alarm clock and the wire between processes. It may be lost at any moment; nothing is lost with it."""

import time
from collections.abc import Callable
from typing import Any, Self, TypeVar

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, TimeoutError
from redis.retry import Retry

T = TypeVar("T")

SECONDS = 2.0
_PAUSE = 2.0

_client: Redis | None = None


def connect(url: str) -> Redis:
    """Make the process's client. Short time-outs: whoever asks Redis is doing something more important."""
    global _client
    _client = client_for(url)
    return _client


def client_for(url: str, *, blocking: bool = False) -> Redis:
    """`blocking`: for whoever waits on a queue and must not time out while it is empty."""
    if blocking:
        return Redis.from_url(url, socket_timeout=None, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))
    return Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=1, retry=_Once())


def client() -> Redis:
    if _client is None:
        raise RuntimeError("Redis is not connected: call app.base.redis.connect first")
    return _client


class _Once(Retry):
    """Every command is tried once. After one that was not answered in time, two seconds long none is tried at all.

    A request asks Redis several times: it waits for a stalled one once, not each time. Then one command tries, while
    the others still go on without.
    """

    def __init__(self) -> None:
        super().__init__(NoBackoff(), 0)
        self._not_before = 0.0

    def __deepcopy__(self, memo: object) -> Self:
        return self  # each connection makes a copy of its own; what one has learned all must know

    def call_with_retry(self, do: Callable[[], T], fail: Any, *args: Any, **more: Any) -> T:
        moment = time.monotonic()
        if moment < self._not_before:
            raise ConnectionError("Redis did not answer a moment ago")
        if self._not_before:
            self._not_before = moment + _PAUSE
        try:
            done = super().call_with_retry(do, fail, *args, **more)
        except TimeoutError:
            self._not_before = time.monotonic() + _PAUSE
            raise
        self._not_before = 0.0
        return done
