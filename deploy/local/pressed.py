"""Our own static files, gzipped beside themselves: the web process hands out whichever the browser takes."""

import gzip
import os
from pathlib import Path

KINDS = (".css", ".js", ".svg")


def press(folder: Path) -> None:
    """Make what is missing or old; a file's .gz carries its time, so that it is known to be fresh."""
    for file in folder.rglob("*"):
        if file.suffix in KINDS and not _is_fresh(file):
            _pressed(file).write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))
            os.utime(_pressed(file), (file.stat().st_mtime, file.stat().st_mtime))


def _is_fresh(file: Path) -> bool:
    pressed = _pressed(file)
    return pressed.exists() and pressed.stat().st_mtime == file.stat().st_mtime


def _pressed(file: Path) -> Path:
    return file.with_name(file.name + ".gz")
