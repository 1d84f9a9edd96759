"""bin/setup on a machine that lacks something."""

import shutil
import subprocess
from pathlib import Path

from deploy.local.place import ROOT


def test_without_python_it_says_what_to_install(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("dirname", "sh"):
        (tools / name).symlink_to(shutil.which(name) or name)
    (tmp_path / "bin").mkdir()
    script = shutil.copy(ROOT / "bin" / "setup", tmp_path / "bin")
    done = subprocess.run([script], env={"PATH": str(tools)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert "apt-get install python3 python3-venv" in done.stderr


def test_every_command_is_valid_shell() -> None:
    for script in [*(ROOT / "bin").iterdir(), ROOT / ".ci" / "run"]:
        if script.read_text().startswith("#!/bin/sh"):
            subprocess.run(["sh", "-n", script], check=True)
