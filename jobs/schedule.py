"""Everything that happens by itself, on one screen: `python -m jobs.schedule` rings, the workers answer.

Ringing twice does no harm: wake-ups coalesce and every job finds its own work in PostgreSQL.
"""

import signal
import sys
import time
from dataclasses import dataclass

from app.base import log, redis, wakeups
from app.base.later import Wakeup, later
from app.config import read_environment


@dataclass(frozen=True)
class Periodic:
    wakeup: Wakeup
    seconds: float


# The drains are rung by whoever leaves work for them; this ringing finds what a lost wake-up left behind.
TABLE = (
    Periodic(wakeups.LISTEN, 10),
    Periodic(wakeups.DRAIN_INBOX, 2),
    Periodic(wakeups.DRAIN_OUTBOX, 2),
    Periodic(wakeups.FETCH_FILES, 10),
    Periodic(wakeups.WAKE_SNOOZED, 5),
    Periodic(wakeups.SWEEP_DUTY, 5),
    Periodic(wakeups.ASSIGN, 5),
    Periodic(wakeups.SWEEP_QUEUE, 60),
    Periodic(wakeups.RESCORE, 10),
    Periodic(wakeups.CLOSE_IDLE, 15),
    Periodic(wakeups.ASK_RATINGS, 15),
    Periodic(wakeups.SEAL_JOURNAL, 5),
    Periodic(wakeups.KEEP_WORDS, 2),
    Periodic(wakeups.RESEAL, 30),
    Periodic(wakeups.EXPORT_HEAD, 300),
    Periodic(wakeups.REMIND, 60),
    Periodic(wakeups.READ_HRM, 300),
    Periodic(wakeups.MAKE_MONTHS, 6 * 3600),
    Periodic(wakeups.FALL_BACK, 30),
    Periodic(wakeups.CLEAR_ROAD, 3600),
    Periodic(wakeups.CLEAR_NOTICES, 6 * 3600),
    Periodic(wakeups.RECONCILE, 3600),  # the job looks at the clock of Tashkent: its week is counted by night
)


def main() -> None:
    settings = read_environment()
    log.configure(settings.log_level, json=settings.production)
    redis.connect(settings.redis_url)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    due = {one.wakeup: 0.0 for one in TABLE}
    while True:
        moment = time.monotonic()
        for one in TABLE:
            if due[one.wakeup] <= moment:
                later(one.wakeup)
                due[one.wakeup] = moment + one.seconds
        time.sleep(0.5)


if __name__ == "__main__":
    main()
