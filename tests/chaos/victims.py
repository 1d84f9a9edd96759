"""What is killed or stands still, and how one sees that the desk has got over it."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg

from bench.desk import Desk
from bench.victims import backend, kill, tell
from tests.chaos.load import until

# Whose death may cut a word off between "sent" and "written down".
CUTS_SENDING = ("send", "postgres backend", "postmaster")
ROUND = (
    "hot", "web", "send", "poll", "postgres backend", "schedule", "redis", "slow", "web worker", "flushall", "send",
    "postmaster",
)  # fmt: skip

# By how many channels enough words came in and were taken since; how many answers went out since.
_TAKEN = """
    SELECT count(*) FROM (SELECT 1 FROM inbox WHERE state = 'taken' AND received_at > to_timestamp(%s)
                           GROUP BY channel_id HAVING count(*) >= 5) c
"""
_SENT = "SELECT count(*) FROM outbox WHERE state = 'sent' AND queued_at > to_timestamp(%s)"


def kill_and_see_it_heal(desk: Desk, victim: str) -> float:
    """After the kill new words come in by both roads and new answers go out. Gives the seconds that took."""
    before = time.time()
    kill(desk, victim)
    see_it_heal(desk, before, victim)
    return time.time() - before


@contextmanager
def still(desk: Desk, victim: str) -> Iterator[None]:
    """Its processes do nothing meanwhile, and do not know it afterwards."""
    match victim:
        case "postgres backend":
            pids = [backend(desk)]
        case "postmaster":
            pids = [desk.postmaster()]
        case _:
            pids = desk.pids(victim)
    tell(pids, signal.SIGSTOP)
    try:
        yield
    finally:
        tell(pids, signal.SIGCONT)


def see_it_heal(desk: Desk, since: float, what: str) -> None:
    """New words come in by both roads and new answers go out."""
    until(lambda: _all_there(desk), f"everything runs again after {what}")
    until(lambda: goes_on(desk, since), f"work goes on after {what}")


def goes_on(desk: Desk, since: float) -> bool:
    return single(desk, _TAKEN, since) == 2 and (single(desk, _SENT, since) or 0) >= 3


def single(desk: Desk, statement: str, *values: Any) -> Any:
    """A single value; None while the database is away."""
    with suppress(psycopg.OperationalError), desk.connect() as connection:
        row = connection.execute(statement, values).fetchone()
        return row[0] if row else None
    return None


def _all_there(desk: Desk) -> bool:
    children = ("web", "hot", "send", "poll", "slow", "schedule", "redis")
    return all(desk.pids(child) for child in children) and single(desk, "SELECT 1") == 1
