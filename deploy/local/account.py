"""The unprivileged user that runs PostgreSQL when we are root (PostgreSQL refuses to run as root)."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.say import Refusal

NAME = "muloqot"


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    def may_enter(self, directory: Path) -> bool:
        """Whether this user passes every directory on the way; asked of the kernel, which also knows of ACLs."""
        return subprocess.run(["test", "-x", directory], **self.identity).returncode == 0

    @property
    def identity(self) -> dict[str, Any]:
        """How subprocess becomes this user and nobody more."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def unprivileged() -> Account | None:
    """The user to become, made when missing; None when we are an ordinary user already."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        entry = _made()
    return Account(entry.pw_uid, entry.pw_gid)


def _made() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    command = [
        useradd or "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--shell",
        "/usr/sbin/nologin",
        NAME,
    ]
    made = subprocess.run(command, capture_output=True, text=True) if useradd else None
    if made is None or made.returncode:
        raise Refusal(
            f"PostgreSQL cannot run as root: start as an ordinary user, or make one first: {' '.join(command)}"
        )
    return pwd.getpwnam(NAME)
