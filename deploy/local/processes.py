"""Find and end processes that an earlier life left behind. Reads /proc."""

import os
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

# Every child carries these, so its descendants are found even when they left its process group.
RUN, CHILD = "MULOQOT_RUN", "MULOQOT_CHILD"


def tagged(data: Path, name: str | None = None) -> Iterator[int]:
    """Processes started by a run of this data directory, or only those below its child `name`."""
    wanted = {f"{RUN}={data}".encode()} | ({f"{CHILD}={name}".encode()} if name else set())
    for pid in _pids():
        with suppress(OSError):
            if wanted <= set(Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")):
                yield pid


def working_in(directory: Path, program: str) -> Iterator[int]:
    """Processes of this program whose current directory this is.

    PostgreSQL's own are found so: each has a session of its own and overwrites its environment.
    """
    for pid in _pids():
        with suppress(OSError):
            here = Path(os.readlink(f"/proc/{pid}/cwd")) == directory
            if here and Path(f"/proc/{pid}/comm").read_text().strip() == program:
                yield pid


def end(pids: Iterable[int], patience: float = 3.0) -> None:
    """Kill them and wait until they are gone."""
    left = list(pids)
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + patience
    while any(map(alive, left)) and time.monotonic() < deadline:
        time.sleep(0.01)


def alive(pid: int) -> bool:
    """Whether the process still runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _pids() -> Iterator[int]:
    own = os.getpid()
    return (int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != own)
