"""A desk as it runs in a bank: gunicorn with gevent and workers, each a process, on the database of this test run."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from tests.cluster import ROOT

GUNICORN = ("gunicorn", "-k", "gevent", "-w", "1", "--worker-connections", "500", "--graceful-timeout", "1")
WORKERS = ("hot", "send")
START_SECONDS = 30.0


class DeskServer:
    """`url` is where browsers go; `restart_web` is a power cut of the web process alone."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        # `demo`, because `test` would serve with threads: this is how it runs in production, but for TLS.
        own = {"MULOQOT_MODE": "demo", "PORT": str(self.port), "MULOQOT_URL": self.url, "OUTBOUND_ALLOW": "127.0.0.0/8"}
        self._environment = os.environ | environment | own
        self._workers: list[subprocess.Popen[bytes]] = []
        self._web: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.start_web()
        self._workers = [self._run("jobs.worker", name) for name in WORKERS]
        wait_until(lambda: all(name in self._ready() for name in WORKERS), START_SECONDS, self._last_words)

    def start_web(self) -> None:
        self._web = self._run(*GUNICORN, "--bind", f"127.0.0.1:{self.port}", "--no-control-socket", "wsgi:app")
        wait_until(lambda: '"ready":true' in self._ready(), START_SECONDS, self._last_words)

    def kill_web(self) -> None:
        """kill -9, master and worker: nothing says goodbye."""
        if self._web is not None:
            _kill(self._web)
            self._web = None

    def restart_web(self) -> None:
        self.kill_web()
        self.start_web()

    def stop(self) -> None:
        self.kill_web()
        for worker in self._workers:
            _kill(worker)

    def _run(self, module: str, *arguments: str) -> "subprocess.Popen[bytes]":
        argv = [sys.executable, "-m", module, *arguments]
        with self._log.open("ab") as log:
            return subprocess.Popen(
                argv, cwd=ROOT, env=self._environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

    def _ready(self) -> str:
        """What /readyz says, without blanks; "" while nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        with suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/readyz")
            return connection.getresponse().read().decode().replace(" ", "")
        return ""

    def _last_words(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-30:])


def wait_until(done: Callable[[], object], seconds: float, explain: Callable[[], str] = str) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"it did not happen in {seconds} s\n{explain()}"
        time.sleep(0.05)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
