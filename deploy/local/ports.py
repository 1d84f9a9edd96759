"""Ports: the one asked for or none; not asked for, the last one used or the next free one."""

import errno
import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path

from deploy.local.say import Refusal

TRIES = 100


def choose(name: str, first: int, env: Mapping[str, str], data: Path, avoid: frozenset[int] = frozenset()) -> int:
    """The port for the variable `name`; what was found is remembered, so an address stays the same tomorrow."""
    host = env.get("HOST") or "127.0.0.1"
    if env.get(name):
        return _asked_for(name, env[name], host)
    remembered = _remembered(data)
    candidates = (remembered.get(name, first), *range(first, first + TRIES))
    port = next((port for port in candidates if port not in avoid and not _obstacle(host, port)), None)
    if port is None:
        raise Refusal(f"no free port from {first} to {first + TRIES - 1} on {host}: set {name} (and check HOST)")
    _remember(data, {**remembered, name: port})
    return port


def _asked_for(name: str, value: str, host: str) -> int:
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise Refusal(f"{name}={value} is not a port: give a number from 1 to 65535")
    obstacle = _obstacle(host, int(value))
    if obstacle == errno.EADDRINUSE:
        raise Refusal(f"port {value} on {host} is busy: stop what uses it, set {name} to another, or leave {name} out")
    if obstacle:
        raise Refusal(f"cannot listen on {host}:{value} ({os.strerror(obstacle)}): check HOST and {name}")
    return int(value)


def _obstacle(host: str, port: int) -> int:
    """0 when the port can be listened on, else the errno that says why not."""
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return 0
    except socket.gaierror:
        return errno.EADDRNOTAVAIL
    except OSError as error:
        return error.errno or errno.EADDRINUSE


def _remembered(data: Path) -> dict[str, int]:
    try:
        return {str(name): int(port) for name, port in json.loads((data / "ports").read_text()).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _remember(data: Path, ports: dict[str, int]) -> None:
    (data / "ports").write_text(json.dumps(ports) + "\n")
