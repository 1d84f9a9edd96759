import stat
from pathlib import Path

import pytest

from deploy.local import disk
from deploy.local.say import Refusal


def test_the_data_directory_is_made_and_closed_to_others(tmp_path: Path) -> None:
    disk.make_ready(tmp_path / "new")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) & 0o066 == 0
    assert stat.S_IMODE((tmp_path / "new" / "log").stat().st_mode) == 0o700


def test_a_directory_in_use_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "something").touch()
    tmp_path.chmod(0o750)
    disk.make_ready(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750


def test_a_full_disk_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="nearly full"):
        disk.make_ready(tmp_path / "deep" / "new", needed_mb=10**9)
    assert not any(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refusal, match="set MULOQOT_DATA"):
        disk.make_ready(tmp_path / "file" / "data")
