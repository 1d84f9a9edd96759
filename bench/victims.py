"""What can be killed: each kind of process of a desk, and one of PostgreSQL's own."""

import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress

import psycopg
from redis import Redis

from bench.desk import Desk

_SERVING = """
    SELECT pid FROM pg_stat_activity WHERE usename = 'muloqot_app' AND pid <> pg_backend_pid()
     ORDER BY query_start DESC NULLS LAST LIMIT 1
"""
_PATIENCE = 60.0


def kill(desk: Desk, victim: str) -> None:
    """At once and without a warning."""
    match victim:
        case "flushall":
            with Redis.from_url(desk.env["REDIS_URL"]) as redis:
                redis.flushall()
        case "postgres backend":
            tell([backend(desk)], signal.SIGKILL)
        case "postmaster":
            tell([desk.postmaster()], signal.SIGKILL)
        case "web worker":
            tell(desk.pids("web")[-1:], signal.SIGKILL)
        case _:
            tell(desk.pids(victim)[:1], signal.SIGKILL)


def tell(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def backend(desk: Desk) -> int:
    """One of the server's processes that serves us now: its death ends them all."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with suppress(psycopg.OperationalError), desk.connect() as connection:
            if row := connection.execute(_SERVING).fetchone():
                return int(row[0])
        time.sleep(0.05)
    raise RuntimeError("the database serves nobody")
