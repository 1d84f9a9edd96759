"""Updates as a channel delivers them, and a driver that posts them: cheap, so that it does not measure itself."""

import json
import selectors
import socket
import time
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from bench.desk import Desk
from bench.telegram import Telegram

_numbers = count(1)
WORDS = "Assalomu alaykum, kartamdan pul yechib olindi, lekin xarid amalga oshmadi. Iltimos, tekshirib bering. "


def update(client: int, words: str = WORDS) -> dict[str, Any]:
    """One text of one client."""
    number = next(_numbers)
    person = {"id": client, "is_bot": False, "first_name": "Dilshod", "last_name": "Rahimov", "language_code": "uz"}
    about = {"message_id": number, "date": int(time.time()), "chat": {"id": client, "type": "private"}}
    return {"update_id": number, "message": {**about, "from": person, "text": words}}


class Hook:
    """Requests to the webhook that the desk gave to this Telegram."""

    def __init__(self, desk: Desk, telegram: Telegram) -> None:
        self._where = (desk.host, desk.port)
        path = telegram.hook["url"].removeprefix(desk.root)
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: {desk.host}:{desk.port}\r\nContent-Type: application/json\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {telegram.hook['secret_token']}\r\nContent-Length: "
        ).encode()

    def request(self, body: dict[str, Any]) -> bytes:
        told = json.dumps(body).encode()
        return self._head + str(len(told)).encode() + b"\r\n\r\n" + told

    def connect(self) -> socket.socket:
        connection = socket.create_connection(self._where)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def pour(self, bodies: Iterable[dict[str, Any]], connections: int = 8) -> float:
        """Post all as fast as they are accepted, from so many connections; requests a second. Each must get its 200."""
        requests = [self.request(body) for body in bodies]
        began = time.perf_counter()
        waiting = iter(requests)
        with selectors.DefaultSelector() as selector:
            for _ in range(connections):
                self._next(self.connect(), waiting, selector)
            while selector.get_map():
                for key, _events in selector.select(30):
                    answered(key.fileobj)
                    selector.unregister(key.fileobj)
                    self._next(key.fileobj, waiting, selector)  # type: ignore[arg-type]
        return len(requests) / (time.perf_counter() - began)

    @staticmethod
    def _next(connection: socket.socket, waiting: Iterator[bytes], selector: selectors.BaseSelector) -> None:
        request = next(waiting, None)
        if request is None:
            connection.close()
            return
        connection.sendall(request)
        selector.register(connection, selectors.EVENT_READ)


def answered(connection: Any) -> None:
    """Read one answer, which has no body."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = connection.recv(65536)
        if not piece:
            raise RuntimeError("the desk closed the connection")
        answer += piece
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"a webhook was answered {answer[:40]!r}")
