"""What is killed, and how one sees that the desk has got over it."""

import os
import signal
import time
from contextlib import suppress
from typing import Any

import psycopg
from redis import Redis

from bench.desk import Desk
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
_SERVING = """
    SELECT pid FROM pg_stat_activity WHERE usename = 'muloqot_app' AND pid <> pg_backend_pid()
     ORDER BY query_start DESC NULLS LAST LIMIT 1
"""


def kill(desk: Desk, victim: str) -> None:
    """At once and without a warning."""
    match victim:
        case "postgres backend":
            _end(_backend(desk))
        case "postmaster":
            _end(desk.postmaster())
        case "flushall":
            with Redis.from_url(desk.env["REDIS_URL"]) as redis:
                redis.flushall()
        case "web worker":
            _end(desk.pids("web")[-1])
        case _:
            _end(desk.pids(victim)[0])


def kill_and_see_it_heal(desk: Desk, victim: str) -> float:
    """After the kill new words come in by both roads and new answers go out. Gives the seconds that took."""
    before = time.time()
    kill(desk, victim)
    until(lambda: _all_there(desk), f"everything runs again after {victim}")
    until(lambda: _goes_on(desk, before), f"work goes on after {victim}")
    return time.time() - before


def single(desk: Desk, statement: str, *values: Any) -> Any:
    """A single value; None while the database is away."""
    with suppress(psycopg.OperationalError), desk.connect() as connection:
        row = connection.execute(statement, values).fetchone()
        return row[0] if row else None
    return None


def _all_there(desk: Desk) -> bool:
    children = ("web", "hot", "send", "poll", "slow", "schedule", "redis")
    return all(desk.pids(child) for child in children) and single(desk, "SELECT 1") == 1


def _goes_on(desk: Desk, since: float) -> bool:
    return single(desk, _TAKEN, since) == 2 and (single(desk, _SENT, since) or 0) >= 3


def _backend(desk: Desk) -> int:
    """One of the server's processes that serves us now: its death ends them all."""
    found: list[int] = []

    def look() -> int:
        found[:] = [single(desk, _SERVING) or 0]
        return found[0]

    until(look, "the database serves somebody")
    return found[0]


def _end(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
