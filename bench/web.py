"""The web process itself: one fragment to many sockets, and its start; beside a bare Flask with Socket.IO."""

import http.client
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.base import redis, wire
from bench.desk import Desk
from bench.figures import Figure, beside
from bench.lab import Lab
from bench.people import hire
from bench.sockets import Sockets
from deploy.local import children
from deploy.local.place import ROOT

SIZE = 2000
CROWDS = (50, 200, 1000)


def fan_out(lab: Lab) -> Iterator[Figure]:
    """One push of 2 KB until the last of 50, 200 and 1,000 pages has it; the thousand only in full."""
    redis.connect(lab.desk.env["REDIS_URL"])
    wire.speak(lab.desk.env["REDIS_URL"])
    with _bare(lab.desk) as (port, _):
        for count in CROWDS[: lab.scaled(3, 2)]:
            yield from _fan_out(lab.desk, port, count)


def _fan_out(desk: Desk, port: int, count: int) -> Iterator[Figure]:
    crowds = []
    try:
        crowds.append(ours := _Crowd(desk.root, hire(desk, 1) * count))
        crowds.append(floor := _Crowd(f"http://127.0.0.1:{port}", [None] * count))
        told, base = beside(
            lambda: ours.last(lambda: wire.emit("bench", {"html": "x" * SIZE}, "everyone")),
            lambda: floor.last(lambda: _get(port, f"/say/{SIZE}")),
        )
    finally:
        for crowd in crowds:
            crowd.sockets.close()
    about = {"ours_ms": round(told, 1), "floor_ms": round(base, 1)}
    yield Figure("fan-out", f"last of {count} sockets / bare Socket.IO", round(told / base, 2), "×", 2.0, about=about)
    yield Figure("fan-out", f"last of {count} sockets", round(told, 1), "ms")


def start(lab: Lab) -> Iterator[Figure]:
    """From exec to the first 200."""
    ours, floor = beside(lambda: _start(lab.desk, _ours(lab.desk)), lambda: _start(lab.desk, _floor()))
    yield Figure("start", "first 200 of the web process", round(ours, 2), "s", 2.0)
    yield Figure("start", "against a bare Flask", round(ours / floor, 2), "×", 3.0)


class _Crowd:
    def __init__(self, root: str, who: list) -> None:  # type: ignore[type-arg]
        self._came: list[float] = []
        self._count = len(who)
        self.sockets = Sockets(root, who, lambda _n, event, _d, at: self._came.append(at) if event == "bench" else None)

    def last(self, say) -> float:  # type: ignore[no-untyped-def]
        """Milliseconds until everybody has heard it; the middle of five."""
        took = []
        for _ in range(5):
            self._came.clear()
            began = time.perf_counter()
            say()
            deadline = time.monotonic() + 20
            while len(self._came) < self._count and time.monotonic() < deadline:
                time.sleep(0.002)
            took.append((max(self._came) - began) * 1000)
        return sorted(took)[2]


def _ours(desk: Desk) -> tuple[str, ...]:
    return next(one.argv for one in children.children({**desk.env, "PORT": "PORT"}) if one.name == "web")


def _floor() -> tuple[str, ...]:
    options = (
        "-k",
        "gevent",
        "-w",
        "1",
        "--worker-connections",
        "5000",
        "--bind",
        "127.0.0.1:PORT",
        "--no-control-socket",
        "bench.bare:app",
    )
    return (sys.executable, "-m", "gunicorn", *options)


def _start(desk: Desk, argv: tuple[str, ...]) -> float:
    with _serving(desk, argv) as (_, seconds):
        return seconds


@contextmanager
def _bare(desk: Desk) -> Iterator[tuple[int, float]]:
    with _serving(desk, _floor()) as started:
        yield started


@contextmanager
def _serving(desk: Desk, argv: tuple[str, ...]) -> Iterator[tuple[int, float]]:
    """Its port, and the seconds until it answered."""
    port = _free()
    command = [part.replace("PORT", str(port)) for part in argv]
    began = time.perf_counter()
    with (desk.data / "log" / "second.log").open("ab") as log:
        server = subprocess.Popen(command, cwd=ROOT, env={**desk.env, "PORT": str(port)}, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while not _answers(port):
            if time.monotonic() > deadline or server.poll() is not None:
                raise RuntimeError("a second web process did not start")
            time.sleep(0.01)
        yield port, time.perf_counter() - began
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nobody waits for an answer of his
        server.wait(10)


def _answers(port: int) -> bool:
    try:
        return _get(port, "/healthz") == 200
    except OSError:
        return False


def _get(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def _free() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
