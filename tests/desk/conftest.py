import threading
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
import socketio
from flask import Flask
from werkzeug.serving import make_server

from app.base import wire
from app.live import audience
from tests.cast import Actor
from tests.desk.clients import Client

Listen = Callable[..., "Listener"]
_marks = count(1)


@pytest.fixture
def dilshod(app: Flask) -> Iterator[Client]:
    """A client; the test stands in the application."""
    with app.app_context():
        audience.forget()
        yield Client()


class Listener:
    """A real socket of one person. `joined`: the rooms it was let into; `heard()`: what came since the last asking."""

    def __init__(self, address: str, actor: Actor) -> None:
        self._socket = socketio.Client(reconnection=False)
        self._got: list[tuple[str, Any]] = []
        self._marked = threading.Event()
        self._mark = 0
        self._socket.on("*", self._hear)
        self._socket.connect(address, headers={"Cookie": f"muloqot={actor.browser.token}"}, transports=["polling"])
        self.joined: list[str] = []

    def watch(self, *rooms: str) -> list[str]:
        self.joined = self._socket.call("watch", list(rooms), timeout=10)
        self.heard()
        return self.joined

    def says(self, chat_id: int, what: str) -> None:
        self._socket.call("here", (chat_id, what), timeout=10)

    def asks_what_differs(self, shown: dict[str, str]) -> list[str]:
        found: list[str] = self._socket.call("differs", shown, timeout=10)
        return found

    def heard(self) -> list[tuple[str, Any]]:
        """Pushes keep their order, so a mark sent to everyone comes after all that was pushed before."""
        self._marked.clear()
        self._mark = next(_marks)
        wire.emit("mark", {"number": self._mark}, "everyone")
        assert self._marked.wait(10), "the wire is silent"
        got, self._got = self._got, []
        return got

    def close(self) -> None:
        self._socket.disconnect()

    def _hear(self, name: str, data: Any) -> None:
        if name != "mark":
            self._got.append((name, data))
        elif data["number"] == self._mark:
            self._marked.set()


@pytest.fixture(scope="session")
def address(app: Flask) -> Iterator[str]:
    """The application behind a real socket server."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def listen(address: str, dilshod: Client) -> Iterator[Listen]:
    """`listen(cast.aziza, "chat:1")`: a socket of this person that asked for these rooms."""
    opened: list[Listener] = []

    def begin(actor: Actor, *rooms: str) -> Listener:
        listener = Listener(address, actor)
        opened.append(listener)
        listener.watch(*rooms)
        audience.forget()
        return listener

    yield begin
    for listener in opened:
        listener.close()
