"""Wake-ups for the workers. They carry no id: PostgreSQL is the queue, RQ only rings (docs/decisions/queue.md)."""

import logging
from dataclasses import dataclass

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from app.base import redis

log = logging.getLogger(__name__)

QUEUES = ("hot", "send", "poll", "slow")


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


def answered(wakeup: Wakeup) -> None:
    """The job's first act: from here on a new wake-up rings again."""
    try:
        redis.client().delete(wakeup.key)
    except RedisError:
        log.warning("wake-up %s not cleared", wakeup.job)
