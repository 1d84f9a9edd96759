"""One process that the supervisor keeps alive."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from deploy.local import processes
from deploy.local.account import Account
from deploy.local.place import ROOT

LOG_LIMIT = 5 * 2**20


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Child:
    """What to run, and how it is healed, known ready and stopped."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = ROOT
    account: Account | None = None
    server: bool = False
    stop_signal: signal.Signals = signal.SIGTERM
    heal: Callable[[], None] = _nothing
    ready: Callable[[int], bool] | None = None


def launch(child: Child, data: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start the child in a session of its own, its output in the log of its name."""
    with _log(data, child.name) as log:
        return subprocess.Popen(
            child.argv,
            env={**env, **child.env, processes.RUN: str(data), processes.CHILD: child.name},
            cwd=child.cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
            **(child.account.identity if child.account else {}),
        )


def clear_remains(child: Child, data: Path, pid: int | None = None) -> None:
    """End everything an earlier life of this child left: its group, what left the group, what it leaves on disk."""
    if pid:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    processes.end(processes.tagged(data, child.name))
    child.heal()


def rotate_log(data: Path, name: str) -> None:
    log = data / "log" / f"{name}.log"
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


def last_lines(data: Path, name: str, count: int = 3) -> list[str]:
    """The end of the child's log, for whoever asks why it died."""
    with suppress(OSError), (data / "log" / f"{name}.log").open("rb") as log:
        log.seek(max(0, log.seek(0, os.SEEK_END) - 4096))
        return [line[:300] for line in log.read().decode(errors="replace").split("\n") if line.strip()][-count:]
    return []


def _log(data: Path, name: str) -> BinaryIO:
    descriptor = os.open(data / "log" / f"{name}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    return os.fdopen(descriptor, "ab")
