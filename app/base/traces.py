"""Traces: who does what in a place just now. One Redis hash for each place; every trace fades after ten seconds."""

import time

from redis.exceptions import RedisError

from app.base import redis

SECONDS = 10


def leave(place: str, who: int, what: str) -> bool:
    """Leave or renew a trace; True when it says something new. An empty `what` takes it away."""
    try:
        former = redis.client().hget(_key(place), str(who))
        before = _fresh(former) if former else ""
        if what:
            redis.client().hset(_key(place), str(who), f"{time.time():.3f} {what}")
            redis.client().expire(_key(place), SECONDS)
        elif former:
            redis.client().hdel(_key(place), str(who))
    except RedisError:
        return False
    return before != what


def first(what: str, seconds: float = 2.5) -> bool:
    """Whether nobody has said this within so many seconds; nobody is the first while Redis is away."""
    try:
        return bool(redis.client().set(_key(what), 1, nx=True, px=int(seconds * 1000)))
    except RedisError:
        return False


def found(place: str) -> dict[int, str]:
    """Everyone's fresh traces; nobody's while Redis is away."""
    try:
        traces = redis.client().hgetall(_key(place))
    except RedisError:
        return {}
    return {int(who): what for who, trace in traces.items() if (what := _fresh(trace))}


def _fresh(trace: bytes | str) -> str:
    at, _, what = (trace.decode() if isinstance(trace, bytes) else trace).partition(" ")
    return what if time.time() - float(at) < SECONDS else ""


def _key(place: str) -> str:
    return f"muloqot:traces:{place}"
