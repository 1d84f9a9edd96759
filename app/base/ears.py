"""Which rooms somebody listens to. Each web process tells Redis, so that nothing is drawn for nobody."""

import secrets
import time
from collections.abc import Callable, Collection, Mapping

from redis.exceptions import RedisError

from app.base import redis

# A process that has told nothing for so long is gone.
SECONDS = 15
# Rooms of the desk's pages, and of the chats on the bank's site.
DESK, SITE = "desk", "site"

_PROCESSES = "muloqot:ears"
_ME = secrets.token_hex(8)


def tell(rooms: Collection[str] | Mapping[str, str], hall: str = DESK) -> None:
    """All rooms that this process has listeners in, every few seconds; none when it has no listeners.

    A mapping tells for each room its only listener, "" when there are several.
    """
    _tell(rooms, hall, afresh=True)


def tell_now(rooms: Callable[[], Collection[str] | Mapping[str, str]], hall: str = DESK) -> None:
    """The same of what `rooms` gives. Whoever comes into one while it is told is told as well."""
    told: Collection[str] | Mapping[str, str] | None = None
    while told != (here := rooms()):
        told = here
        tell(told, hall)


def add(rooms: Collection[str] | Mapping[str, str], hall: str = DESK) -> None:
    """Rooms somebody has just joined: told before he hears that he is in, so he misses nothing."""
    _tell(rooms, hall, afresh=False)


def heard(rooms: Collection[str], hall: str = DESK, but: str = "") -> set[str] | None:
    """Those of the rooms somebody listens to, somebody else than `but`; None when that is not known."""
    asked = list(rooms)
    if not asked:
        return set()
    try:
        processes = redis.client().zrangebyscore(_processes(hall), time.time() - SECONDS, "+inf")
        if not processes:
            return None
        with redis.client().pipeline(transaction=False) as pipeline:
            for process in processes:
                pipeline.hmget(_rooms_of(hall, bytes(process).decode()), asked)  # type: ignore[arg-type]
            answers = pipeline.execute()
    except RedisError:
        return None
    found = [pair for answer in answers for pair in zip(asked, answer, strict=True)]
    return {room for room, alone in found if alone is not None and not (alone and alone.decode() == but)}


def _tell(rooms: Collection[str] | Mapping[str, str], hall: str, *, afresh: bool) -> None:
    told = dict(rooms) if isinstance(rooms, Mapping) else dict.fromkeys(rooms, "")
    mine = _rooms_of(hall, _ME)
    try:
        with redis.client().pipeline(transaction=True) as pipeline:
            if afresh:
                pipeline.delete(mine)
            if told:
                pipeline.hset(mine, mapping=told)
                pipeline.expire(mine, SECONDS)
                pipeline.zadd(_processes(hall), {_ME: time.time()})
            elif afresh:
                pipeline.zrem(_processes(hall), _ME)
            pipeline.execute()
    except RedisError:
        return


def _processes(hall: str) -> str:
    return f"{_PROCESSES}:{hall}"


def _rooms_of(hall: str, process: str) -> str:
    return f"{_PROCESSES}:{hall}:{process}"
