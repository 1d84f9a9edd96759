"""Many open pages: Engine.IO and Socket.IO spoken by hand on websockets, all heard by one thread."""

import json
import selectors
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import websocket

from bench.desk import Desk
from bench.people import Operator

Hear = Callable[[int, str, Any, float], None]


class Sockets:
    """One socket for each operator; `hear(number, event, data, moment)` is called for whatever one of them gets.

    `ids`: what the server calls each of them.
    """

    def __init__(self, root: str, operators: Sequence[Operator | None], hear: Hear) -> None:
        self._hear, self._over = hear, threading.Event()
        self._selector = selectors.DefaultSelector()
        self.ids: dict[int, str] = {}
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()  # who has come is asked for a sign of life before the last one has
        self._open = [self._connect(root, operator, number) for number, operator in enumerate(operators)]

    @classmethod
    def of_desk(cls, desk: Desk, operators: Sequence[Operator], hear: Hear) -> "Sockets":
        return cls(desk.root, operators, hear)

    def watch(self, number: int, rooms: list[str]) -> None:
        self._open[number].send("42" + json.dumps(["watch", rooms]))

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        for connection in self._open:
            connection.close(timeout=1)
        self._selector.close()

    def _connect(self, root: str, operator: Operator | None, number: int) -> websocket.WebSocket:
        return self._enter(root, operator, number, "40")

    def _enter(self, root: str, operator: Operator | None, number: int, packet: str) -> websocket.WebSocket:
        address = root.replace("http://", "ws://") + "/socket.io/?EIO=4&transport=websocket"
        connection = websocket.create_connection(
            address, cookie=operator.cookie if operator else None, origin=root, timeout=30
        )
        connection.recv()  # "0{…}": Engine.IO is open
        connection.send(packet)
        answer = connection.recv()
        if not str(answer).startswith("40"):
            raise RuntimeError(f"a socket was refused: {answer!r}")
        self.ids[number] = json.loads(str(answer)[str(answer).index("{") :])["sid"]
        self._selector.register(connection.fileno(), selectors.EVENT_READ, (number, connection))
        return connection

    def _listen(self) -> None:
        while not self._over.is_set():
            for key, _events in self._selector.select(0.1):
                number, connection = key.data
                packet, moment = str(connection.recv()), time.perf_counter()
                if packet == "2":
                    connection.send("3")
                elif packet.startswith("42"):
                    event, *data = json.loads(packet[packet.index("[") :])
                    self._hear(number, event, data[0] if data else None, moment)
