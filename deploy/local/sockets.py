"""Directories for Unix sockets: private, and short enough for the kernel."""

import os
import stat
from pathlib import Path

from deploy.local.account import Account
from deploy.local.place import short_name
from deploy.local.say import Refusal

# sun_path holds 108 bytes with the closing zero (unix(7)); PostgreSQL adds "/.s.PGSQL.5432".
_LONGEST = 107 - len("/.s.PGSQL.5432")

# Not tempfile's choice, which may be as long. Whoever else was there first is refused below.
_SHORT = Path("/tmp")


def socket_directory(wanted: Path, owner: Account | None = None) -> Path:
    """Make a directory only `owner` may enter: the wanted one, or one under /tmp when that path is too long."""
    path = wanted if len(os.fsencode(wanted)) <= _LONGEST else _SHORT / short_name(wanted)
    path.mkdir(mode=0o700, parents=path == wanted, exist_ok=True)
    found = path.lstat()
    mine = {os.geteuid(), owner.uid if owner else os.geteuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in mine:
        raise Refusal(f"{path} belongs to somebody else: remove it or set MULOQOT_DATA to a shorter path")
    path.chmod(0o700)
    if owner:
        owner.own(path)
    return path
