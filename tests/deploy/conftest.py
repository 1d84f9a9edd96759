import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from deploy.local import processes
from deploy.local.place import ROOT

SECONDS = 15.0


class Desk:
    """A small desk in a process of its own."""

    def __init__(self, data: Path, **env: str) -> None:
        self.data = data
        given = {"PATH": os.environ["PATH"], "MULOQOT_DATA": str(data), "PYTHONUNBUFFERED": "1", **env}
        command = (sys.executable, "-m", "tests.deploy.small_desk")
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        self.said = ""

    def wait_for(self, words: str) -> str:
        """Everything it said up to these words."""
        output = self.process.stdout
        assert output
        deadline = time.monotonic() + SECONDS
        while words not in self.said:
            readable = select.select([output], [], [], max(0.0, deadline - time.monotonic()))[0]
            piece = os.read(output.fileno(), 65536).decode() if readable else ""
            assert piece, f"waited for {words!r}, heard: {self.said}"
            self.said += piece
        return self.said

    def pids(self, child: str) -> set[int]:
        return set(processes.tagged(self.data, child))

    def postmaster(self) -> int:
        return int((self.data / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.end()

    def end(self) -> int:
        """Its exit code, once it has ended by itself."""
        code = self.process.wait(SECONDS)
        if self.process.stdout:
            self.process.stdout.close()
        return code


def until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A data directory that PostgreSQL's user can reach; pytest's own are closed to him."""
    path = Path(mkdtemp(prefix="muloqot-deploy-"))
    path.chmod(0o711)
    yield path / "data"
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def desk(place: Path) -> Iterator[Desk]:
    """A running desk; the tests of one file share its data."""
    running = Desk(place)
    running.wait_for("is ready at")
    yield running
    if running.process.poll() is None:
        running.stop()
