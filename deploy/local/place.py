"""Where the checkout and its data are."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"


def data_directory(env: Mapping[str, str]) -> Path:
    """The directory of everything this desk keeps: MULOQOT_DATA, else var/ of the checkout."""
    return Path(env.get("MULOQOT_DATA") or ROOT / "var").resolve()


def short_name(directory: Path) -> str:
    """A name for what belongs to this directory but cannot live in it: muloqot- and ten digits of its path's hash."""
    return f"muloqot-{hashlib.sha256(str(directory).encode()).hexdigest()[:10]}"
