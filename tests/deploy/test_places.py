"""Where sockets and the database may live."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from deploy.local import postgres
from deploy.local.account import unprivileged
from deploy.local.place import short_name
from deploy.local.say import Refusal
from deploy.local.sockets import socket_directory

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")


def test_a_path_too_long_for_a_socket_is_replaced_by_a_short_private_one(tmp_path: Path) -> None:
    wanted = tmp_path / ("x" * 120)
    path = socket_directory(wanted)
    try:
        assert path == Path("/tmp") / short_name(wanted)
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert not wanted.exists()
    finally:
        path.rmdir()


@as_root
def test_a_socket_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, 12345)
    with pytest.raises(Refusal, match="belongs to somebody else"):
        socket_directory(tmp_path)


@as_root
def test_root_keeps_his_home_closed_and_the_database_lives_elsewhere(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    data = home / "data"
    data.mkdir(mode=0o711)
    found = postgres.home_in(data, unprivileged())
    try:
        assert found == Path("/var/lib") / short_name(data)
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert not any(data.iterdir())
    finally:
        shutil.rmtree(found)
