"""The environment of the children, resolved once, and its copy in a file for bin/muloqot."""

import os
from collections.abc import Mapping
from pathlib import Path

# What bin/muloqot needs to reach the running system.
KEPT = (
    "MULOQOT_MODE",
    "MULOQOT_DATA",
    "MULOQOT_KEYS",
    "MULOQOT_URL",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "HOST",
    "PORT",
    "DEMO_PORT",
    "MULOQOT_LICENCE_KEY",
)


def base(env: Mapping[str, str], data: Path, *, empty: bool) -> dict[str, str]:
    """What was given, and defaults for a desk of one's own."""
    mode = "empty" if empty else env.get("MULOQOT_MODE") or "demo"
    defaults = {"HOST": "127.0.0.1", "PYTHONUNBUFFERED": "1"}
    given = {name: value for name, value in env.items() if value}
    if "MULOQOT_KEYS" in given:
        given["MULOQOT_KEYS"] = str(Path(given["MULOQOT_KEYS"]).resolve())
    return {**defaults, **given, "MULOQOT_MODE": mode, "MULOQOT_DATA": str(data)}


def write(env: Mapping[str, str], data: Path) -> None:
    """Leave the environment in $MULOQOT_DATA/env: KEY=VALUE lines, for our user only (addresses hold passwords)."""
    lines = [f"{name}={env[name]}\n" for name in KEPT if env.get(name)]
    path = data / "env"
    growing = data / "env.new"
    with open(os.open(growing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(lines)
    growing.replace(path)


def read(data: Path) -> dict[str, str]:
    """The environment of the last run; empty when there was none."""
    try:
        lines = (data / "env").read_text().splitlines()
    except FileNotFoundError:
        return {}
    return {name: value for name, _, value in (line.partition("=") for line in lines)}
