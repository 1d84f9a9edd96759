"""A bank with a chat on its site, and visitors of the site: each a browser with a token of its own."""

import base64
import hmac
import io
import json
import re
import secrets
import threading
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
import socketio
from flask import Flask
from sqlalchemy import text
from werkzeug.serving import make_server

from app.actions import routing, webchat
from app.actions.journal import HERE
from app.base import clock, wire
from app.live import audience
from app.live.widget import NAMESPACE
from app.models.db import db
from app.models.viewer import SYSTEM, Viewer
from app.queries import viewer as viewers
from tests.cast import Actor

SITE = "https://bank.example"
SECRET = "kalit-" * 8
_numbers = count(1)


class Visitor:
    """Somebody on the bank's site, and what the page of the chat would send for him."""

    def __init__(self, app: Flask, key: str, *, language: str = "uz-Latn", address: str = "198.51.100.7") -> None:
        self.key, self.language, self.address = key, language, address
        self.token = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
        self._browser = app.test_client()
        self.rev = 0

    def post(self, path: str, *, json: Any = None, data: Any = None, headers: dict[str, str] | None = None) -> Any:
        told = {"Authorization": f"Bearer {self.token}", "X-Language": self.language, **(headers or {})}
        about = {"REMOTE_ADDR": self.address}
        return self._browser.post(f"/widget/{self.key}/{path}", json=json, data=data, headers=told, environ_base=about)

    def get(self, query: str = "") -> Any:
        told = {"Authorization": f"Bearer {self.token}", "X-Language": self.language}
        return self._browser.get(f"/widget/{self.key}/talk{query}", headers=told)

    def enters(self, proof: str = "") -> Any:
        return self.post("session", json={"proof": proof})

    def says(
        self, words: str = "", *, number: str = "", file: tuple[bytes, str] | None = None, socket: str = ""
    ) -> Any:
        """`socket`: the page's own, whose answer tells it all."""
        sent: dict[str, Any] = {"id": number or f"word-{next(_numbers):08}", "text": words}
        if file:
            sent["file"] = (io.BytesIO(file[0]), file[1])
        return self.post("messages", data=sent, headers={"X-Socket": socket} if socket else None)

    def reads(self) -> str:
        """All that the page shows now."""
        return shown(self.get().json)


def shown(answer: dict[str, Any]) -> str:
    return "\n".join(answer["items"])


def words_of(html: str) -> list[str]:
    return re.findall(r'class="text" dir="auto">([^<]*)<', html)


@pytest.fixture
def key(app: Flask) -> Iterator[str]:
    """The chat of the bank's site; the test stands in the application."""
    with app.app_context():
        audience.forget()
        wish = webchat.Wish("Site", (SITE,), "HS256", SECRET)
        made = webchat.connect(wish, SYSTEM, HERE, clock.now()).key
        db.session.remove()
        yield made
        db.session.remove()


@pytest.fixture
def dilshod(app: Flask, key: str) -> Visitor:
    """He has the chat open and has said nothing yet."""
    found = Visitor(app, key)
    assert found.enters().status_code == 200
    return found


def proof(key: str, subject: str = "cl-77", **claims: Any) -> str:
    """What the bank's site signs for whom it has signed in."""
    now = int(clock.now().timestamp())
    body = {"aud": key, "sub": subject, "exp": now + 300, "iat": now, "name": "Dilshod", **claims}
    return signed({key: value for key, value in body.items() if value is not None})


def signed(body: dict[str, Any], header: dict[str, Any] | None = None, secret: str = SECRET) -> str:
    parts = [_coded(json.dumps(one).encode()) for one in (header or {"alg": "HS256", "typ": "JWT"}, body)]
    said = ".".join(parts)
    return f"{said}.{_coded(hmac.digest(secret.encode(), said.encode(), 'sha256'))}"


def _coded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def one(statement: str, **values: Any) -> Any:
    return db.session.execute(text(statement), values).scalar()


def chat_id() -> int:
    return int(one("SELECT id FROM chat ORDER BY id DESC LIMIT 1"))


def viewer_of(actor: Actor) -> Viewer:
    past = clock.now().replace(year=2020)
    found = viewers.of_session(actor.browser.token, idle_since=past, absolute_since=past)
    assert found is not None
    return found


def taken_by(actor: Actor) -> int:
    """The newest chat is taken by this operator."""
    found = chat_id()
    routing.take(found, viewer_of(actor), clock.now())
    return found


class Ear:
    """A real socket of a visitor. `heard()`: what came since the last asking."""

    def __init__(self, address: str, key: str, token: str, **headers: str) -> None:
        self._socket = socketio.Client(reconnection=False)
        self._got: list[tuple[str, Any]] = []
        self._marked = threading.Event()
        self._socket.on("*", self._hear, namespace=NAMESPACE)
        auth = {"key": key, "token": token}
        self._socket.connect(
            address, headers=headers, auth=auth, namespaces=[NAMESPACE], transports=["websocket"], wait_timeout=10
        )

    @property
    def id(self) -> str:
        """What the server calls it."""
        return str(self._socket.get_sid(NAMESPACE))

    def says_typing(self, on: bool) -> None:
        self._socket.emit("typing", on, namespace=NAMESPACE)

    def heard(self, room: str) -> list[tuple[str, Any]]:
        """Pushes keep their order: a mark for its room comes behind all that was pushed before."""
        self._marked.clear()
        wire.emit("mark", {}, room, NAMESPACE)
        assert self._marked.wait(10), "the wire is silent"
        got, self._got = self._got, []
        return got

    def close(self) -> None:
        self._socket.disconnect()

    def _hear(self, event: str, data: Any = None) -> None:
        if event == "mark":
            self._marked.set()
        else:
            self._got.append((event, data))


Listen = Callable[..., Ear]


@pytest.fixture(scope="session")
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(30)
    server.server_close()


@pytest.fixture
def listen(address: str) -> Iterator[Listen]:
    ears: list[Ear] = []

    def begin(visitor: Visitor, **headers: str) -> Ear:
        ears.append(Ear(address, visitor.key, visitor.token, **headers))
        return ears[-1]

    yield begin
    for ear in ears:
        ear.close()
