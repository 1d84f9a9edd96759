"""A PostgreSQL and a Redis for one test run: in a temporary directory, careless about power cuts, gone afterwards."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir, mkdtemp

from deploy.local import cluster, lock, postgres, processes, redis
from deploy.local.say import Refusal
from deploy.local.supervisor import Supervisor

PREFIX = "muloqot-test-"


@contextmanager
def servers(*, durable: bool = False) -> Iterator[tuple[Supervisor, dict[str, str]]]:
    """Start both and give the variables tests/conftest.py makes its databases from."""
    _sweep()
    data = Path(mkdtemp(prefix=PREFIX))
    (data / "log").mkdir()
    data.chmod(0o711)
    try:
        with lock.held(data), Supervisor(data, os.environ) as supervisor:
            made = postgres.cluster_in(data, durable=durable)
            supervisor.add(cluster.child(made))
            supervisor.add(redis.child(data))
            yield (
                supervisor,
                {
                    "TEST_CLUSTER": made.url("postgres", "postgres", scheme="postgresql"),
                    "TEST_REDIS": redis.url(data),
                },
            )
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _sweep() -> None:
    """Remove what killed runs of ours left: nobody holds its lock any more."""
    for data in Path(gettempdir()).glob(f"{PREFIX}*"):
        try:
            if data.stat().st_uid != os.geteuid() or not (data / "lock").exists():
                continue
            with lock.held(data):
                processes.end(processes.tagged(data))
                processes.end(processes.working_in(data / "postgres" / "cluster", "postgres"))
                shutil.rmtree(data, ignore_errors=True)
        except (OSError, Refusal):
            continue
