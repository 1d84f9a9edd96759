"""Run the worker of one queue: `python -m jobs.worker hot|send|poll|slow`."""

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable

from flask import Flask
from redis.exceptions import RedisError
from rq import Worker
from rq.serializers import JSONSerializer

from app.base import redis, wire
from app.base.later import QUEUES, queue, serve
from app.factory import start
from app.live import push
from jobs import road
from jobs.steady import Steady

log = logging.getLogger("jobs.worker")

# What a worker does by itself while nobody can ring: each second, or at once again when it says that there is more.
_UNRUNG: dict[str, Callable[[], bool | None]] = {
    "hot": road.drain_inbox,
    "send": road.drain_outbox,
    "poll": road.listen,
}

# Seconds. RQ turns round fifteen before its `worker_ttl` and gives a connection up ten later, so nobody stays deaf on
# one that has gone silent; after an outage it pauses twice as long each time, by itself up to a minute.
_TURN = 3
_LONGEST_PAUSE = 2.0
# Seconds for one statement: whoever is rung each second must not be deaf for long; others count and clear.
_PROMPT, _LONG = 30, 300
# Seconds between two signs of life.
_SIGN = 5.0


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in QUEUES:
        sys.exit(f"usage: python -m jobs.worker {'|'.join(QUEUES)}")
    app = start(patience=_LONG if name == "slow" else _PROMPT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    threading.Thread(target=_live, args=(name,), daemon=True).start()
    while _is_away():  # RQ ends when Redis is away at its start
        if not _work_unrung(app, name):
            time.sleep(1)
    threading.Thread(target=_watch, args=(app, name), daemon=True).start()
    # No fork for each job where promptness counts; exports and backups get a process that may be killed.
    kind = Worker if name == "slow" else Steady
    with app.app_context():
        # RQ waits on the queue with a blocking read, so its connection has no short time-out.
        connection = redis.client_for(app.config["SETTINGS"].redis_url, blocking=True)
        rung = [queue(name, connection)]
        worker = kind(rung, connection=connection, serializer=JSONSerializer, worker_ttl=15 + _TURN)
        worker.max_connection_wait_time = _LONGEST_PAUSE
        worker.work(logging_level="WARNING", with_scheduler=False)


def _live(name: str) -> None:
    while True:
        serve(name)
        time.sleep(_SIGN)


def _watch(app: Flask, name: str) -> None:
    """Redis is only the alarm clock: while it is away the worker looks for work by itself."""
    while True:
        if not _look(app, name):
            time.sleep(1)


def _look(app: Flask, name: str) -> bool:
    """Whether to look again at once. One look takes little over a second, and each asks first whether Redis is back."""
    if _is_away():
        return _work_unrung(app, name)
    if wire.whole_again():
        push.heal()
    return False


def _work_unrung(app: Flask, name: str) -> bool:
    """Whether there may be more; what failed waits for its second, whatever is left."""
    if name not in _UNRUNG:
        return False
    try:
        with app.app_context():
            return bool(_UNRUNG[name]())
    except Exception:
        log.exception("%s failed", name)
        return False


def _is_away() -> bool:
    try:
        redis.client().ping()
        return False
    except RedisError:
        return True


if __name__ == "__main__":
    main()
