"""python -m deploy.local.setup local|dev: whatever the checkout lacks, and nothing when it lacks nothing."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.local import vendor
from deploy.local.place import ROOT, VENV
from deploy.local.say import Refusal, complain, say

PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".requirements"
KINDS = ("local", "dev")


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in KINDS:
        complain("use: local | dev")
        return 2
    try:
        set_up(arguments[0])
    except Refusal as refusal:
        complain(str(refusal))
        return 1
    return 0


def set_up(kind: str) -> None:
    """Environment, packages, front-end parts, translations and languages, each only where it is missing or old."""
    if not _runs(PYTHON):
        _make_environment()
    if not _installed(kind):
        install(PYTHON, ROOT / f"requirements-{kind}.txt")
        STAMP.write_text(f"{kind} {_digest(kind)}\n")
    vendor.fetch()
    _compile_translations()
    _make_language_table()


def install(python: Path, requirements: Path) -> None:
    """Install a hashed list of packages, counting them on the way."""
    total = sum(1 for line in requirements.read_text().splitlines() if line and line[0].isalnum())
    say(f"installing up to {total} Python packages (a minute or two)…")
    options = ("--disable-pip-version-check", "--require-hashes", "-r", str(requirements))
    command = (str(python), "-m", "pip", "install", *options)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        lines = []
        for line in pip.stdout or ():
            lines.append(line.rstrip())
            _show_progress(sum(one.startswith("Collecting") for one in lines), total, line)
    if pip.returncode:
        for line in [line for line in lines if "rror" in line][-5:]:
            complain(f"  {line}")
        raise Refusal("the Python packages could not be installed: check the connection to the package registry")


def _show_progress(done: int, total: int, line: str) -> None:
    if line.startswith("Installing collected"):
        say("  all fetched, unpacking…")
    elif line.startswith("Collecting") and done % 20 == 0:
        say(f"  {done} of {total}")


def _make_environment() -> None:
    """A fresh .venv; Debian and Ubuntu keep what makes one in a package of its own."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        install_system_packages([package])
    say("making the Python environment .venv…")
    shutil.rmtree(VENV, ignore_errors=True)
    # In a new process: this one may have looked for ensurepip before it was installed.
    made = subprocess.run([_outside_python(), "-m", "venv", VENV], capture_output=True, text=True)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        last = (made.stdout + made.stderr).strip().splitlines()[-1:]
        raise Refusal(f"cannot make {VENV}: {' '.join(last)}")


def install_system_packages(packages: list[str]) -> None:
    """Install Debian packages when we may, else say the exact command."""
    command = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Refusal(f"a system package is missing, install it as root: {command}")
    say(f"installing {' '.join(packages)} with apt-get…")
    for step in ("apt-get update -q", command):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(step.split(), env=env, capture_output=True, text=True)
        if done.returncode and step == command:
            raise Refusal(f"{command} failed: {' '.join(done.stderr.strip().splitlines()[-1:])}")


def _outside_python() -> str:
    """The interpreter .venv is made from, also when we run in the .venv that is being replaced."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _runs(python: Path) -> bool:
    try:
        return subprocess.run([python, "-c", "import pip"], capture_output=True).returncode == 0
    except OSError:
        return False


def _installed(kind: str) -> bool:
    """Whether the stamp names this list as it is now; the developer's list holds the local one."""
    stamp = STAMP.read_text().split() if STAMP.exists() else []
    return any(stamp == [one, _digest(one)] for one in KINDS[KINDS.index(kind) :])


def _digest(kind: str) -> str:
    return hashlib.sha256((ROOT / f"requirements-{kind}.txt").read_bytes()).hexdigest()


def _compile_translations() -> None:
    catalogue = ROOT / "translations" / "catalogue.py"
    sources = list((ROOT / "translations").glob("*/LC_MESSAGES/*.po"))
    if not catalogue.exists() or not any(map(_is_stale, sources)):
        return
    say("compiling translations…")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([PYTHON, catalogue, "compile"], cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        raise Refusal(f"translations do not compile: {' '.join(done.stderr.strip().splitlines()[-1:])}")


def _make_language_table() -> None:
    """By what clients' languages are recognised; a few seconds, once."""
    made = subprocess.run([PYTHON, "-m", "deploy.languages"], cwd=ROOT, capture_output=True, text=True)
    if made.returncode:
        raise Refusal(f"the table of languages cannot be made: {' '.join(made.stderr.strip().splitlines()[-1:])}")


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
