"""Static files are handed out small, and never an old version of them."""

import gzip
import os
from pathlib import Path

from deploy.local.pressed import press


def test_a_changed_file_is_pressed_again(tmp_path: Path) -> None:
    sheet = tmp_path / "css" / "a.css"
    sheet.parent.mkdir()
    for content in (b"a { color: red; }", b"a { color: green; }"):
        sheet.write_bytes(content)
        os.utime(sheet, (len(content), len(content)))
        press(tmp_path)
        assert gzip.decompress((sheet.parent / "a.css.gz").read_bytes()) == content


def test_pictures_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    press(tmp_path)
    assert not (tmp_path / "a.png.gz").exists()
