"""Redis: the alarm clock and the wire between processes. It may be lost at any moment; nothing is lost with it."""

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

_client: Redis | None = None


def connect(url: str) -> Redis:
    """Make the process's client. Short time-outs: whoever asks Redis is doing something more important."""
    global _client
    _client = client_for(url)
    return _client


def client_for(url: str, *, blocking: bool = False) -> Redis:
    """`blocking`: for whoever waits on a queue and must not time out while it is empty."""
    timeout = None if blocking else 2
    return Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))


def client() -> Redis:
    if _client is None:
        raise RuntimeError("Redis is not connected: call app.base.redis.connect first")
    return _client
