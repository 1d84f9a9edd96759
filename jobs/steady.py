"""A worker that outlives Redis."""

from contextlib import suppress
from types import FrameType
from typing import Any, Self

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, SimpleWorker


class Steady(SimpleWorker):
    """RQ waits for Redis between two jobs, and ends when it goes away under one.

    All workers would then load the program at once, a second and a half of CPU each, just when work has piled up. So
    here each command to Redis waits until it is answered, unless the worker is to stop.
    """

    def __init__(self, queues: list[Queue], *, connection: Redis, **more: Any) -> None:
        self._patience = _Patience()
        connection.set_retry(self._patience)
        super().__init__(queues, connection=connection, **more)

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Stop after the job that runs; what RQ has to note in Redis waits no more."""
        self._patience.update_retries(0)
        with suppress(RedisError):
            super().request_stop(signum, frame)

    def teardown(self) -> None:
        """Whoever stops while Redis is away is forgotten there in time."""
        with suppress(RedisError):
            super().teardown()


class _Patience(Retry):
    """Each second again, for ever: a lost connection, and a silent one after RQ's own time-out."""

    def __init__(self) -> None:
        super().__init__(ConstantBackoff(1), retries=-1)

    def __deepcopy__(self, memo: object) -> Self:
        return self  # each connection makes a copy of its own; its end must reach them all
