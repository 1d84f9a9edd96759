"""The data directory must be writable and have room before anything is begun."""

import os
from pathlib import Path

from deploy.local.say import Refusal

NEEDED_MB = 200


def make_ready(data: Path, needed_mb: int = NEEDED_MB) -> None:
    """Make the data directory, or refuse and leave nothing behind."""
    _check_room(_nearest(data), data, needed_mb)
    new = not data.exists() or (data.is_dir() and not any(data.iterdir()))
    try:
        data.mkdir(parents=True, exist_ok=True)
        if new:
            # As root the database runs as another user, who must pass through; he cannot list or read here.
            data.chmod(0o711 if os.geteuid() == 0 else 0o700)
        (data / "log").mkdir(mode=0o700, exist_ok=True)
        _check_writable(data)
    except OSError as error:
        raise Refusal(
            f"cannot write to the data directory {data} ({error.strerror}): set MULOQOT_DATA to one you may write to"
        ) from error


def _check_room(existing: Path, data: Path, needed_mb: int) -> None:
    disk = os.statvfs(existing)
    free_mb = disk.f_bavail * disk.f_frsize // 2**20
    if free_mb < needed_mb:
        raise Refusal(
            f"the disk of {data} is nearly full ({free_mb} MB free, {needed_mb} MB needed): "
            "free some or set MULOQOT_DATA to another disk"
        )


def _check_writable(data: Path) -> None:
    probe = data / f".probe-{os.getpid()}"
    probe.write_bytes(b"0" * 4096)
    probe.unlink()


def _nearest(path: Path) -> Path:
    """The path itself or the nearest directory above it that exists."""
    return next(place for place in (path, *path.parents) if place.exists())
