"""kill -9 under load: how long until a client's word is on the operator's page again, and an answer at the provider."""

import http.client
import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import websocket

from bench.desk import Desk
from bench.figures import Figure
from bench.hooks import answered, update
from bench.lab import Lab
from bench.people import Browser, Operator, hire
from bench.screen import NONCE, given, nonce
from bench.victims import kill

KINDS = ("web", "web worker", "hot", "send", "poll", "slow", "schedule", "redis", "postgres backend", "postmaster")
TARGET = 10.0
_NEVER = 120.0
_PATIENCE = 25.0  # a page hears from its server every twenty seconds
_COMPARED = 30.0  # and compares what it shows each half a minute
_AGAIN = 0.05
_REST = 3.0
_FIRST_CLIENT = 9_800_000
_OTHERS = 50
_PER_SECOND = 10


def recovery(lab: Lab) -> Iterator[Figure]:
    """Each kind in turn; a word and an answer are begun at the moment of the kill and insisted on, as people do."""
    scene = _Scene(lab)
    took: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    try:
        for _ in range(lab.scaled(5, 1)):
            for kind in KINDS:
                took[kind].append(scene.heals(kind))
    finally:
        scene.close()
    for kind, times in took.items():
        both = [max(pair) for pair in times]
        about = {"shown": [round(shown, 1) for shown, _ in times], "accepted": [round(at, 1) for _, at in times]}
        yield Figure("recovery", f"{kind}: worst of {len(both)}", round(max(both), 1), "s", TARGET, about=about)
        yield Figure("recovery", f"{kind}: median", round(statistics.median(both), 1), "s")


class _Scene:
    """One operator with one client's chat open; others write meanwhile."""

    def __init__(self, lab: Lab) -> None:
        self.lab, self._over = lab, threading.Event()
        self.operator = hire(lab.desk, 1)[0]
        lab.hook.pour([update(_FIRST_CLIENT + number) for number in range(_OTHERS)])
        self.chat_id = given(lab, self.operator, str(_FIRST_CLIENT))
        self.page = _Page(lab.desk, self.operator, self.chat_id, self._over)
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self.page.live, self._write_on)]
        for thread in self._threads:
            thread.start()
        self._shown()

    def heals(self, kind: str) -> tuple[float, float]:
        """Seconds from the kill until a word was shown and an answer accepted."""
        began = time.perf_counter()
        kill(self.lab.desk, kind)
        with ThreadPoolExecutor(2) as pool:
            shown, accepted = pool.submit(self._shown), pool.submit(self._accepted)
            found = shown.result() - began, accepted.result() - began
        time.sleep(_REST)
        return found

    def close(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def _shown(self) -> float:
        """When a word that is written now stands on the page; its provider repeats it until it is acknowledged."""
        word = nonce()
        body = update(_FIRST_CLIENT, word)
        _insist(lambda: self._post(body), "a word is acknowledged")
        _insist(lambda: word in self.page.came, "a word is shown")
        return self.page.came[word]

    def _accepted(self) -> float:
        """When the provider has an answer that is said now; the operator sends it until it is stored."""
        words, browser, sent = nonce(), Browser(self.lab.desk, self.operator), self.lab.hooked.sent
        said = {"text": words, "client_id": words}
        _insist(lambda: browser.post(f"/chats/{self.chat_id}/say", **said)[0] == 303, "an answer is stored")
        browser.close()
        _insist(lambda: words in sent, "an answer is sent")
        return sent[words]

    def _write_on(self) -> None:
        number = 0
        while not self._over.wait(1 / _PER_SECOND):
            number += 1
            with suppress(OSError, RuntimeError):
                self._post(update(_FIRST_CLIENT + 1 + number % (_OTHERS - 1)))

    def _post(self, body: dict[str, Any]) -> bool:
        with self.lab.hook.connect() as connection:
            connection.settimeout(5)
            connection.sendall(self.lab.hook.request(body))
            answered(connection)
        return True


class _Page:
    """As a browser's: its socket comes back as soon as it can, and what it missed is fetched."""

    def __init__(self, desk: Desk, operator: Operator, chat_id: int, over: threading.Event) -> None:
        self.came: dict[str, float] = {}
        self._desk, self._operator, self._over = desk, operator, over
        self._chat_id, self._fetched = chat_id, 0.0

    def live(self) -> None:
        while not self._over.wait(_AGAIN):
            with suppress(OSError, websocket.WebSocketException, http.client.HTTPException):
                self._listen()

    def _listen(self) -> None:
        address = self._desk.root.replace("http://", "ws://") + "/socket.io/?EIO=4&transport=websocket"
        connection = websocket.create_connection(
            address, cookie=self._operator.cookie, origin=self._desk.root, timeout=_PATIENCE
        )
        try:
            connection.recv()
            connection.send("40")
            _expect(connection, "40")
            connection.send("420" + json.dumps(["watch", [f"chat:{self._chat_id}"]]))
            _expect(connection, "430")
            self._fetch()
            while not self._over.is_set():
                packet = str(connection.recv())
                if packet == "2":
                    connection.send("3")
                elif not packet.startswith('42["heal"'):
                    self._read(packet)
                if packet.startswith('42["heal"') or time.monotonic() - self._fetched > _COMPARED:
                    self._fetch()
        finally:
            connection.close(timeout=1)

    def _fetch(self) -> None:
        self._fetched = time.monotonic()
        browser = Browser(self._desk, self._operator)
        self._read(browser.get(f"/chats/{self._chat_id}")[1])
        browser.close()

    def _read(self, html: str) -> None:
        for word in NONCE.findall(html):
            self.came.setdefault(word, time.perf_counter())


def _expect(connection: websocket.WebSocket, answer: str) -> None:
    """Pushes may come before it; where it is another one, or none, the page comes again."""
    while not (packet := str(connection.recv())).startswith(answer):
        if packet.startswith(("41", "44")):
            raise websocket.WebSocketException(f"refused: {packet}")


def _insist(done: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _NEVER
    while True:
        with suppress(OSError, RuntimeError, http.client.HTTPException):
            if done():
                return
        if time.monotonic() > deadline:
            raise TimeoutError(f"it did not happen: {what}")
        time.sleep(_AGAIN)
