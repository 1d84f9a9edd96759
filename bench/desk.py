"""A whole desk, as bin/run starts it, in a process group of its own: durable servers, every worker, free ports."""

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg

from deploy.local import environment, processes
from deploy.local.place import ROOT

SECONDS = 120.0


class Desk:
    """`env` is what its processes see; `root` its web address; `database` the application's own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        given = {"MULOQOT_DATA": str(data), "OUTBOUND_ALLOW": "127.0.0.0/8", "LOG_LEVEL": "WARNING"}
        given["TRUSTED_PROXIES"] = "127.0.0.0/8"  # people of the benchmarks come from addresses of their own
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self._given = {**kept, **given, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            (sys.executable, "-m", "deploy.local", "up", "--empty"),
            cwd=ROOT,
            env=self._given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            self._wait_for("is ready at")
        except BaseException:
            self.stop()
            raise
        self.env = {**self._given, **environment.read(data)}
        self.host, self.port = self.env["HOST"], int(self.env["PORT"])
        self.root = f"http://{self.host}:{self.port}"

    @property
    def database(self) -> str:
        return self.env["DATABASE_URL"].replace("+psycopg", "")

    @property
    def superuser(self) -> str:
        return self.database.replace("muloqot_app@/muloqot", "postgres@/postgres")

    def database_named(self, name: str, role: str = "muloqot_app") -> str:
        return self.database.replace("muloqot_app@/muloqot", f"{role}@/{name}")

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.database, autocommit=True, connect_timeout=5)

    def pids(self, child: str) -> list[int]:
        """The child's processes, its first one first."""
        if child == "postgres":
            return [self.postmaster()]
        found = list(processes.tagged(self.data, child))
        return sorted(found, key=lambda pid: (_group(pid) != pid, pid))

    def postmaster(self) -> int:
        return int((self.data / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])

    def signal(self, child: str, number: signal.Signals) -> None:
        for pid in self.pids(child):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    @contextmanager
    def paused(self, *children: str) -> Iterator[None]:
        """These do nothing meanwhile: what they would do is measured apart."""
        for child in children:
            self.signal(child, signal.SIGSTOP)
        try:
            yield
        finally:
            for child in children:
                self.signal(child, signal.SIGCONT)

    def command(self, *arguments: str) -> str:
        """What `bin/muloqot` prints on this desk."""
        done = subprocess.run(
            (sys.executable, "-m", "app.cli", *arguments), cwd=ROOT, env=self.env, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {(done.stderr or done.stdout).strip()[-2000:]}")
        return done.stdout

    def log(self, child: str) -> str:
        path = self.data / "log" / f"{child}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def stop(self) -> None:
        for child in ("web", "hot", "send", "poll", "slow", "schedule"):  # a stopped process cannot hear a signal
            self.signal(child, signal.SIGCONT)
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.communicate(timeout=20)
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        processes.end(processes.tagged(self.data))
        processes.end(processes.working_in(self.data / "postgres" / "cluster", "postgres"))

    def said(self) -> str:
        """What the supervisor said since it was last asked."""
        output, said = self.process.stdout, ""
        assert output  # noqa: S101 - asked of Popen
        while select.select([output], [], [], 0)[0] and (piece := os.read(output.fileno(), 65536)):
            said += piece.decode(errors="replace")
        return said

    def _wait_for(self, words: str) -> None:
        heard, deadline = "", time.monotonic() + SECONDS
        while words not in heard:
            heard += self.said()
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the desk did not start: {heard[-3000:]}")
            time.sleep(0.02)


@contextmanager
def running() -> Iterator[Desk]:
    """A desk that is stopped and swept away at the end."""
    home = Path(mkdtemp(prefix="muloqot-desk-"))
    home.chmod(0o711)  # PostgreSQL's user must pass
    desk = None
    try:
        desk = Desk(home / "data")
        yield desk
    finally:
        if desk is not None:
            desk.stop()
        shutil.rmtree(home, ignore_errors=True)


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0
