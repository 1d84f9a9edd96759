"""A real file system that is really full: a small one in memory, mounted for the test."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

_PIECE = 64 * 1024


class Disk:
    def __init__(self, at: Path) -> None:
        self._ballast = at / "ballast"

    @contextmanager
    def full(self) -> Iterator[None]:
        """Not a byte of room is left meanwhile."""
        try:
            self.fill()
            yield
        finally:
            self._ballast.unlink(missing_ok=True)

    def fill(self) -> None:
        """Take what has become free again as well."""
        with suppress(OSError), self._ballast.open("ab", buffering=0) as ballast:
            while True:
                ballast.write(bytes(_PIECE))


def mountable() -> bool:
    """Whether this process may mount one: as root, and where a container allows it."""
    try:
        with TemporaryDirectory() as somewhere, mounted(Path(somewhere), megabytes=1):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextmanager
def mounted(at: Path, megabytes: int) -> Iterator[Disk]:
    command = ("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=711", "tmpfs", str(at))
    subprocess.run(command, check=True, capture_output=True)
    try:
        yield Disk(at)
    finally:
        # Lazily: a process that is just being ended may still have a file open.
        subprocess.run(("umount", "--lazy", str(at)), check=True, capture_output=True)
