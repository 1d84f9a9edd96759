"""Two thousand chats open on the bank's site: what one costs, and how soon an operator sees what is said in them."""

import hashlib
import http.client
import json
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import websocket

from bench.figures import Figure, percentile
from bench.lab import Lab
from bench.pace import open_loop
from bench.people import Operator, hire
from bench.screen import NEVER, NONCE, cpu, given, memory, nonce
from bench.sockets import Sockets

VISITORS = 2000
TALKING = 120  # a visitor may say a word every other second
OPERATORS = 20
PER_SECOND = 30
_KEY = "bench-widget"
_DOOR = """
    WITH made AS (
      INSERT INTO channel (kind, name, key, created_at) VALUES ('webchat', 'Site', %s, now()) RETURNING id)
    INSERT INTO webchat (id) SELECT id FROM made RETURNING id
"""
_VISITOR = """
    WITH k AS (INSERT INTO customer (created_at) VALUES (now()) RETURNING id),
    i AS (INSERT INTO identity (customer_id, channel_id, external_id, lane, created_at)
          SELECT id, %(door)s, %(name)s, %(name)s, now() FROM k),
    c AS (INSERT INTO chat (customer_id, created_at) SELECT id, now() FROM k)
    INSERT INTO widget_token (token_hash, channel_id, external_id, locale, made_at, seen_at, ends_at)
    VALUES (%(hash)s, %(door)s, %(name)s, 'ru', now(), now(), now() + interval '1 day')
"""


@dataclass(frozen=True)
class Visitor:
    """`number` gives an address of one's own: floods are counted by it."""

    number: int
    token: str
    name: str

    @property
    def address(self) -> str:
        return f"198.18.{self.number // 250}.{self.number % 250 + 1}"


class Site(Sockets):
    """One socket for each visitor, in the widget's own namespace; what they hear is not told."""

    def __init__(self, root: str, visitors: list[Visitor]) -> None:
        self._visitors = visitors
        super().__init__(root, [None] * len(visitors), lambda *_heard: None)

    def _connect(self, root: str, operator: Operator | None, number: int) -> websocket.WebSocket:
        auth = json.dumps({"key": _KEY, "token": self._visitors[number].token})
        return self._enter(root, None, number, f"40/widget,{auth}")


class Talk:
    """Visitors who write, operators who have their chats open, and when each word came there."""

    def __init__(self, lab: Lab, visitors: list[Visitor], site: Site) -> None:
        self.lab, self.visitors, self.site = lab, visitors, site
        self.came: dict[str, float] = {}
        self.said: dict[str, Visitor] = {}
        self._kept, self._revs = threading.local(), dict[int, int]()
        for one in visitors:
            self._post(one, "Здравствуйте")
        operators = hire(lab.desk, OPERATORS)
        chats = [given(lab, operators[number % OPERATORS], one.name) for number, one in enumerate(visitors)]
        self.sockets = Sockets.of_desk(lab.desk, operators, self._heard)
        for number in range(OPERATORS):
            self.sockets.watch(number, [f"chat:{chat_id}" for chat_id in chats[number::OPERATORS]])
        time.sleep(1)

    def latencies(self, seconds: int) -> list[float]:
        """Milliseconds from the moment a word was due to its bubble on the operator's page."""
        words = [nonce() for _ in range(PER_SECOND * seconds)]
        self.said |= {word: self.visitors[number % len(self.visitors)] for number, word in enumerate(words)}
        due = open_loop(words, PER_SECOND, lambda word: self._post(self.said[word], word))
        deadline = time.monotonic() + NEVER
        while len(self.came.keys() & due.keys()) < len(words) and time.monotonic() < deadline:
            time.sleep(0.05)
        return [(self.came.get(word, moment + NEVER) - moment) * 1000 for word, moment in due.items()]

    def _heard(self, number: int, event: str, data: Any, moment: float) -> None:
        if event == "fragment" and not str(data.get("list", "")).startswith("rows-"):
            for word in NONCE.findall(data["html"]):
                self.came.setdefault(word, moment)

    def _post(self, visitor: Visitor, words: str) -> None:
        if not hasattr(self._kept, "connection"):
            self._kept.connection = http.client.HTTPConnection(self.lab.desk.host, self.lab.desk.port, timeout=30)
        headers = {"Authorization": f"Bearer {visitor.token}", "X-Language": "ru", "X-Forwarded-For": visitor.address}
        headers["X-Socket"] = self.site.ids[visitor.number]
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode({"id": secrets.token_hex(16), "text": words})
        since = self._revs.get(visitor.number, 0)  # a page asks for what it does not have
        path = f"/widget/{_KEY}/messages?since={since}"
        try:
            told = self._ask(path, body, headers)
        except ConnectionError:  # the desk has closed a connection that nobody used
            self._kept.connection.close()
            told = self._ask(path, body, headers)
        self._revs[visitor.number] = json.loads(told)["rev"]

    def _ask(self, path: str, body: str, headers: dict[str, str]) -> bytes:
        self._kept.connection.request("POST", path, body, headers)
        answer = self._kept.connection.getresponse()
        told: bytes = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"a word was refused with {answer.status}")
        return told


def widgets(lab: Lab) -> Iterator[Figure]:
    """POST of a visitor → fragment in the operator's socket, with every other chat of the site open too."""
    visitors = _visitors(lab, VISITORS)
    before = memory(lab.desk)
    site = Site(lab.desk.root, visitors)
    try:
        each = (memory(lab.desk) - before) * 1024 / VISITORS
        yield Figure("widgets", f"memory of one of {VISITORS} open chats", round(each), "KB", 80)
        talk = Talk(lab, visitors[:TALKING], site)
        try:
            used = cpu(lab.desk)
            took = talk.latencies(lab.scaled(30, 8))
            used = (cpu(lab.desk) - used) * 1000 / len(took)
        finally:
            talk.sockets.close()
        what = f"{PER_SECOND} msg/s, {VISITORS} open chats"
        yield Figure("widgets", f"{what}: p99", round(percentile(took, 0.99)), "ms", 150)
        yield Figure("widgets", f"{what}: p50", round(percentile(took, 0.5)), "ms")
        yield Figure("widgets", f"{what}: CPU of the web process for a word", round(used, 1), "ms")
    finally:
        site.close()


def _visitors(lab: Lab, count: int) -> list[Visitor]:
    """Who has been on the site before and has the chat open again."""
    found = [Visitor(number, secrets.token_urlsafe(32), f"a-{secrets.token_hex(16)}") for number in range(count)]
    with lab.desk.connect() as connection, connection.transaction(), connection.cursor() as cursor:
        row = cursor.execute(_DOOR, [_KEY]).fetchone()
        door = row[0] if row else 0
        hashes = (hashlib.sha256(one.token.encode()).digest() for one in found)
        rows = zip(found, hashes, strict=True)
        cursor.executemany(_VISITOR, [{"door": door, "name": one.name, "hash": hash} for one, hash in rows])
    return found
