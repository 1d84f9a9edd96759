"""Which rooms somebody listens to. Each web process tells Redis, so that nothing is drawn for nobody."""

import secrets
import time
from collections.abc import Collection

from redis.exceptions import RedisError

from app.base import redis

# A process that has told nothing for so long is gone.
SECONDS = 15

_PROCESSES = "muloqot:ears"
_ME = secrets.token_hex(8)


def tell(rooms: Collection[str]) -> None:
    """All rooms that this process has listeners in, every few seconds; none when it has no listeners."""
    _tell(rooms, afresh=True)


def add(rooms: Collection[str]) -> None:
    """Rooms somebody has just joined: told before he hears that he is in, so he misses nothing."""
    _tell(rooms, afresh=False)


def heard(rooms: Collection[str]) -> set[str] | None:
    """Those of the rooms somebody listens to; None when that is not known."""
    asked = list(rooms)
    if not asked:
        return set()
    try:
        processes = redis.client().zrangebyscore(_PROCESSES, time.time() - SECONDS, "+inf")
        if not processes:
            return None
        with redis.client().pipeline(transaction=False) as pipeline:
            for process in processes:
                for room in asked:
                    pipeline.sismember(_rooms_of(bytes(process).decode()), room)  # type: ignore[arg-type]
            answers = pipeline.execute()
    except RedisError:
        return None
    return {room for room, there in zip(asked * len(processes), answers, strict=True) if there}


def _tell(rooms: Collection[str], *, afresh: bool) -> None:
    try:
        with redis.client().pipeline(transaction=True) as pipeline:
            if afresh:
                pipeline.delete(_rooms_of(_ME))
            if rooms:
                pipeline.sadd(_rooms_of(_ME), *rooms)
                pipeline.expire(_rooms_of(_ME), SECONDS)
                pipeline.zadd(_PROCESSES, {_ME: time.time()})
            elif afresh:
                pipeline.zrem(_PROCESSES, _ME)
            pipeline.execute()
    except RedisError:
        return


def _rooms_of(process: str) -> str:
    return f"{_PROCESSES}:{process}"
