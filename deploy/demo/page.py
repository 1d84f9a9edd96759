"""The client's page of the demo: a phone-like chat in which a visitor writes to the bank. Also the clients' switch.

A visitor is known by an unguessable key. JSON bodies only: another site cannot send them without a preflight.
"""

import json
from collections.abc import Callable
from email.message import Message
from importlib.resources import files
from secrets import randbelow, token_urlsafe
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from deploy.demo import site
from deploy.demo.cloud import Cloud, Fields

LANGUAGES = {"ru": "ru", "uz_Latn": "uz", "uz_Cyrl": "uz-Cyrl", "en": "en"}
STATIC = {
    "/": ("client.html", "text/html"),
    "/client.css": ("client.css", "text/css"),
    "/client.js": ("client.js", "text/javascript"),
    "/words.js": ("words.js", "text/javascript"),
    "/bank.css": ("bank.css", "text/css"),
}
SHOWN = frozenset(("image/jpeg", "image/png", "image/webp", "image/gif", "audio/ogg", "audio/mpeg", "video/mp4"))
FILE_LIMIT = 10 << 20
WAIT = 25.0
GUARD = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Request(Protocol):
    """What the page needs of a request handler."""

    path: str
    command: str
    headers: Message

    def reply(self, status: int, body: bytes, mime: str, headers: dict[str, str] | None = None) -> None: ...


class Switch(Protocol):
    """Simulated clients that can be paused."""

    def status(self) -> Fields: ...
    def adjust(self, wish: Fields) -> None: ...


class Page:
    """Answers everything that is not the Bot API."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.visitors: dict[str, int] = {}
        self.clients: Switch | None = None
        self.desk, self.site_key = site.desk_address(), site.KEY

    def answer(self, request: Request, body: bytes) -> None:
        """Route one request."""
        url = urlsplit(request.path)
        steps = url.path.strip("/").split("/")
        if request.command == "GET" and url.path in STATIC:
            self._static(request, *STATIC[url.path])
        elif url.path == "/bank":
            self._bank(request, parse_qs(url.query))
        elif url.path == "/favicon.ico":
            request.reply(204, b"", "image/x-icon")
        elif steps == ["control"]:
            self._control(request, body)
        elif steps[0] == "client" and request.command == "POST" and len(steps) == 1:
            self._json(request, self._join(request, body))
        elif steps[0] == "client" and len(steps) >= 3:
            self._visitor(request, steps[1], steps[2:], body)
        else:
            self._json(request, None)

    def _join(self, request: Request, body: bytes) -> Fields | None:
        wish = _wish(request, body)
        name = str(wish.get("name", "")).strip()[:64]
        language = LANGUAGES.get(str(wish.get("language")))
        if not name or not language:
            return None
        first, _, last = name.partition(" ")
        person = {
            "id": 7_000_000_000 + randbelow(999_999_999),
            "is_bot": False,
            "first_name": first,
            "language_code": language,
        }
        chat = self.cloud.join({**person, **({"last_name": last} if last else {})})
        key = token_urlsafe(18)
        self.visitors[key] = chat.id
        payload = str(wish.get("start", ""))[:64]
        self.cloud.say(chat.id, text=f"/start {payload}".strip())
        return {"key": key}

    def _visitor(self, request: Request, key: str, steps: list[str], body: bytes) -> None:
        chat_id = self.visitors.get(key)
        if chat_id is None:
            self._json(request, None)
        elif steps[0] == "file":
            self._file(request, chat_id, steps[-1])
        elif request.command == "GET" and steps == ["events"]:
            after = int((parse_qs(urlsplit(request.path).query).get("after") or ["0"])[0])
            self._json(request, {"events": self.cloud.events(chat_id, after, WAIT)})
        elif request.command == "POST" and steps[0] in _ACTS:
            self._json(request, _ACTS[steps[0]](self, request, chat_id, body))
        else:
            self._json(request, None)

    def _text(self, request: Request, chat_id: int, body: bytes) -> Fields | None:
        text = str(_wish(request, body).get("text", "")).strip()[:4096]
        if not text:
            return None
        self.cloud.say(chat_id, text=text)
        return {}

    def _attach(self, request: Request, chat_id: int, body: bytes) -> Fields | None:
        mime = request.headers.get("Content-Type", "").partition(";")[0]
        name = unquote(request.headers.get("X-File-Name", "file"))[:120]
        if (
            not 0 < len(body) <= FILE_LIMIT
            or "/" not in mime
            or mime.startswith(("text/plain", "multipart/", "application/x-www"))
        ):
            return None
        file = self.cloud.keep(name, mime, body)
        told = {"file_id": file.id, "file_unique_id": file.id[-8:], "file_size": len(body)}
        if mime in ("image/jpeg", "image/png", "image/webp"):
            self.cloud.say(chat_id, photo=[{**told, "width": 1280, "height": 960}])
        else:
            self.cloud.say(chat_id, document={**told, "file_name": name, "mime_type": mime})
        return {}

    def _press(self, request: Request, chat_id: int, body: bytes) -> Fields | None:
        wish = _wish(request, body)
        message = self.cloud.messages.get((chat_id, wish.get("message_id", 0)))
        rows = (message or {}).get("reply_markup", {}).get("inline_keyboard", [])
        if wish.get("data") not in [button.get("callback_data") for row in rows for button in row]:
            return None
        self.cloud.press(chat_id, wish["message_id"], wish["data"])
        return {}

    def _file(self, request: Request, chat_id: int, file_id: str) -> None:
        """A file of this visitor's own thread."""
        seen = any(file_id in json.dumps(event["message"]) for event in self.cloud.events(chat_id, 0, 0))
        file = self.cloud.files.get(file_id) if seen else None
        if not file:
            self._json(request, None)
            return
        mime = file.mime if file.mime in SHOWN else "application/octet-stream"
        attach = {} if mime in SHOWN else {"Content-Disposition": "attachment"}
        request.reply(200, file.data, mime, {**GUARD, **attach})

    def _control(self, request: Request, body: bytes) -> None:
        """GET: how the simulated clients are; POST {"running": bool, "pace": seconds, "most": chats}: adjust them."""
        if not self.clients:
            self._json(request, None)
            return
        if request.command == "POST":
            self.clients.adjust(_wish(request, body))
        self._json(request, self.clients.status())

    def _bank(self, request: Request, query: dict[str, list[str]]) -> None:
        """The bank's site, with the desk's chat on it."""
        body, policy = site.page(self.desk, query, self.site_key)
        request.reply(200, body, "text/html; charset=utf-8", {**GUARD, "Content-Security-Policy": policy})

    def _static(self, request: Request, name: str, mime: str) -> None:
        body = (files("deploy.demo") / "static" / name).read_bytes()
        request.reply(200, body, f"{mime}; charset=utf-8", GUARD)

    def _json(self, request: Request, answer: Fields | None) -> None:
        body = json.dumps({} if answer is None else answer, ensure_ascii=False).encode()
        request.reply(404 if answer is None else 200, body, "application/json", GUARD)


_ACTS: dict[str, Callable[[Page, Request, int, bytes], Fields | None]] = {
    "text": Page._text,
    "attach": Page._attach,
    "press": Page._press,
}


def _wish(request: Request, body: bytes) -> Fields:
    if "application/json" not in request.headers.get("Content-Type", ""):
        return {}
    try:
        wish = json.loads(body)
    except ValueError:
        return {}
    return wish if isinstance(wish, dict) else {}
