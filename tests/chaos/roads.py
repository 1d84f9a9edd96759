"""A road between the program and a server, on which everything can come to a standstill, or be lost."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

Address = Path | tuple[str, int]  # a Unix socket, or a host and a port
_LONGEST = 60.0


class Road:
    """Leads from an address of its own to the server's; whoever connects to the first reaches the second."""

    def __init__(self, to: Address, at: Address = ("127.0.0.1", 0)) -> None:
        self._to = to
        self._ways: list[_Way] = []
        self._flows = threading.Event()
        self._flows.set()
        self._swallows = False
        self._listener = _socket(at)
        self._listener.bind(_name(at))
        self._listener.listen(128)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def used(self) -> bool:
        return any(not way.closed for way in self._ways)

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Whatever is sent meanwhile arrives afterwards."""
        self._flows.clear()
        try:
            yield
        finally:
            self._flows.set()

    @contextmanager
    def swallowed(self) -> Iterator[None]:
        """Whatever is sent meanwhile is lost, and who was connected never hears anything again: not even an end."""
        self._swallows = True
        for way in self._ways:
            way.lost = True
        try:
            yield
        finally:
            self._swallows = False

    def cut(self) -> None:
        """Everybody's connection is broken off."""
        for way in self._ways:
            way.close()

    def close(self) -> None:
        self._flows.set()
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self._ways = [way for way in self._ways if not way.closed]
            with suppress(OSError):
                self._ways.append(_Way(near, self._to, self._flows, self._swallows))


class _Way:
    """One connection over the road."""

    def __init__(self, near: socket.socket, to: Address, flows: threading.Event, lost: bool) -> None:
        self._near, self._far, self._flows = near, _socket(to), flows
        self.lost, self.closed = lost, False
        try:
            self._far.settimeout(_LONGEST)
            self._far.connect(_name(to))
            self._far.settimeout(None)
        except OSError:
            self.close()
            raise
        for source, target in ((self._near, self._far), (self._far, self._near)):
            threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def close(self) -> None:
        self.closed = True
        for end in (self._near, self._far):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                self._flows.wait(_LONGEST)
                if not self.lost:
                    target.sendall(piece)
        # Where all is lost, the program does not learn that the server has gone either.
        if not self.lost or source is self._near:
            self.close()


@contextmanager
def before(server: Path) -> Iterator[Road]:
    """Stand before a running server at its own address; who is connected already is not concerned."""
    behind = server.with_name(f"{server.name}.behind")
    server.rename(behind)
    road = Road(to=behind, at=server)
    if os.geteuid() == 0:
        server.chmod(0o777)
    try:
        yield road
    finally:
        road.close()
        behind.replace(server)


def _socket(address: Address) -> socket.socket:
    made = socket.socket(socket.AF_UNIX if isinstance(address, Path) else socket.AF_INET)
    if not isinstance(address, Path):
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return made


def _name(address: Address) -> str | tuple[str, int]:
    return str(address) if isinstance(address, Path) else address
