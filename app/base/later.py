"""Wake-ups for the workers. They carry no id: PostgreSQL is the queue, RQ only rings (docs/decisions/queue.md)."""

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from app.base import redis

log = logging.getLogger(__name__)

# Seconds between two rings for one job: in a burst of updates each ring costs as much as storing one.
_PAUSE = 0.005
QUEUES = ("hot", "send", "poll", "slow")
# So long a worker is believed to be there after its last sign of life.
_BELIEVED = 20


@dataclass(frozen=True)
class Wakeup:
    """On which queue it rings and which job answers, by its dotted name: who rings never imports the job."""

    queue: str
    job: str

    @property
    def key(self) -> str:
        return f"muloqot:waiting:{self.job}"


def queue(name: str, connection: Redis | None = None) -> Queue:
    return Queue(name, connection=connection or redis.client(), serializer=JSONSerializer)


def later(wakeup: Wakeup) -> bool:
    """Ring at once unless it already waits. False when Redis is away: the work is found without it."""
    try:
        rung = queue(wakeup.queue)
        with redis.client().pipeline(transaction=False) as asked:
            asked.set(wakeup.key, 1, nx=True)
            asked.llen(rung.key)
            new, waiting = asked.execute()
        # A mark without anything in the queue: its job went with a killed worker, or is being answered just now.
        if waiting and not new:
            return True
        rung.enqueue(wakeup.job, job_timeout=-1, result_ttl=0, failure_ttl=3600)
        return True
    except RedisError as error:
        log.warning("wake-up %s not rung: %s", wakeup.job, type(error).__name__)
        return False


_asked: set[Wakeup] = set()
_ringing: set[Wakeup] = set()
_either = threading.Lock()


def soon(wakeup: Wakeup) -> None:
    """Ring without holding up whoever asks; what is asked for meanwhile is rung for once, afterwards.

    A client's server that waits for its 200 does not wait for Redis as well.
    """
    with _either:
        _asked.add(wakeup)
        if wakeup in _ringing:
            return
        _ringing.add(wakeup)
    threading.Thread(target=_ring, args=(wakeup,), daemon=True).start()


def _ring(wakeup: Wakeup) -> None:
    while _is_asked(wakeup):
        try:
            later(wakeup)
        except Exception:
            log.exception("wake-up %s not rung", wakeup.job)
        time.sleep(_PAUSE)


def _is_asked(wakeup: Wakeup) -> bool:
    with _either:
        if wakeup not in _asked:
            _ringing.discard(wakeup)
            return False
        _asked.discard(wakeup)
        return True


def serve(name: str) -> None:
    """Say that this queue has a worker; to be said again every few seconds."""
    with suppress(RedisError):
        redis.client().set(_sign(name), 1, ex=_BELIEVED)


def served() -> list[str]:
    """The queues that have one. Raises RedisError."""
    signs = redis.client().mget([_sign(name) for name in QUEUES])
    return [name for name, sign in zip(QUEUES, signs, strict=True) if sign]


def _sign(name: str) -> str:
    return f"muloqot:served:{name}"


def answered(wakeup: Wakeup) -> None:
    """The job's first act: from here on a new wake-up rings again."""
    try:
        redis.client().delete(wakeup.key)
    except RedisError:
        log.warning("wake-up %s not cleared", wakeup.job)
