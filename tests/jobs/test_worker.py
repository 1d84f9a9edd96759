"""The worker and the schedule as processes: they answer, wait for Redis, and leave when told."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.base import redis
from app.base.later import Wakeup, later, queue
from app.config import Settings
from tests.cluster import ROOT, Database

MONTHS = Wakeup("slow", "jobs.upkeep.months")
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(settings: Settings, database: Database) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str, **variables: str) -> "subprocess.Popen[str]":
        own = {"MULOQOT_MODE": "test", "MULOQOT_DATA": str(settings.data), "LOG_LEVEL": "INFO"}
        env = os.environ | database.environment | own | variables
        argv = [sys.executable, "-m", *arguments]
        process = subprocess.Popen(argv, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.usefixtures("app")
def test_the_schedule_rings_and_a_worker_answers(start: Start) -> None:
    start("jobs.schedule")
    start("jobs.worker", "slow")
    # The mark of a wake-up is gone once its job has begun; nothing is left when it has ended well.
    wait_until(lambda: redis.client().info("stats")["total_commands_processed"] > 0)
    later(MONTHS)
    wait_until(lambda: not redis.client().exists(MONTHS.key) and len(queue("slow")) == 0)
    assert queue("slow").failed_job_registry.count == 0


def test_a_worker_waits_for_redis_and_leaves_when_told(start: Start) -> None:
    process = start("jobs.worker", "hot", REDIS_URL="unix:///nowhere/redis.sock?db=0")
    wait_until(lambda: _listens_to(process.pid, signal.SIGTERM))
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0


def test_a_worker_of_a_queue_that_is_not_there_says_which_there_are(start: Start) -> None:
    out, _ = start("jobs.worker", "fast").communicate(timeout=20)
    assert out.strip() == "usage: python -m jobs.worker hot|send|poll|slow"


def _listens_to(pid: int, number: signal.Signals) -> bool:
    """Whether the process has a handler of its own for this signal (proc(5), SigCgt)."""
    caught = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) & 1 << (number - 1))


def wait_until(done: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
