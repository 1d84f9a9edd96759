"""Who keeps the desk busy while it is killed: clients who write numbered words, operators who take and answer."""

import http.client
import random
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from bench.desk import Desk
from bench.people import Browser, Operator
from tests.peers import Peer

PATIENCE = 180.0
_ANSWER = re.compile(r"\d+:\d+")


def until(happened: Callable[[], object], what: str | Callable[[], str], patience: float = PATIENCE) -> None:
    """Wait for a state. How long it takes is measured by bin/bench; here it only must come."""
    deadline = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < deadline, f"it did not happen: {what if isinstance(what, str) else what()}"
        time.sleep(0.05)


class Clients:
    """They write through one bot; whatever the provider was given once it delivers up to three times."""

    def __init__(self, peer: Peer, numbers: range, pause: float) -> None:
        self.peer, self.pause = peer, pause
        self.wrote: dict[int, list[str]] = {number: [] for number in numbers}
        for number in numbers:
            peer.chat(number)
        self._ids = count(1)
        self._chance = random.Random(numbers.start)

    def write(self) -> None:
        """Each says one thing more."""
        for number in self.wrote:
            words, message_id = f"{number}/{len(self.wrote[number])}", next(self._ids)
            person = {"id": number, "is_bot": False, "first_name": "Dilshod", "language_code": "uz"}
            about = {"message_id": message_id, "date": int(time.time()), "chat": {"id": number, "type": "private"}}
            message = {**about, "from": person, "text": words}
            update_id = self.peer.push(message=message)
            self.wrote[number].append(words)
            for _ in range(self._chance.choice((0, 0, 1, 2))):
                self.peer.push(update_id=update_id, message=message)
            time.sleep(self.pause)

    @property
    def total(self) -> int:
        return sum(map(len, self.wrote.values()))


class Staff:
    """An operator at the desk: takes what waits, answers every chat in turn, repeats what did not go through."""

    def __init__(self, desk: Desk, operator: Operator, pause: float) -> None:
        self.browser, self.pause = Browser(desk, operator), pause
        self.said: dict[int, list[str]] = defaultdict(list)
        self.chats: list[int] = []
        self.refused: list[int] = []

    def work(self) -> None:
        """Take one chat if one waits, then answer each of one's own."""
        _, place = self._insist("/chats/next")
        taken = place.rpartition("/")[2]
        if taken.isdigit() and int(taken) not in self.chats:
            self.chats.append(int(taken))
        for chat_id in self.chats:
            self.answer(chat_id)
            time.sleep(self.pause)

    def answer(self, chat_id: int) -> None:
        words = f"{chat_id}:{len(self.said[chat_id])}"
        # The page's own id of the form: said again after a failure, it is the same message.
        status, place = self._insist(f"/chats/{chat_id}/say", text=words, client_id=words)
        assert (status, place) == (303, f"/chats/{chat_id}"), f"{words} was refused: {status} {place}"
        self.said[chat_id].append(words)

    def _insist(self, path: str, **form: str) -> tuple[int, str]:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                status, place = self.browser.post(path, **form)
                if status < 500:
                    return status, place
                self.refused.append(status)
            except (OSError, http.client.HTTPException):
                pass
            assert time.monotonic() < deadline, f"{path} never went through"
            time.sleep(0.1)


@contextmanager
def busy(*rounds: Callable[[], None]) -> Iterator[None]:
    """Each goes round and round in a thread of its own meanwhile; what one of them trips over is raised at the end."""
    over = threading.Event()
    failures: list[BaseException] = []

    def again(one: Callable[[], None]) -> None:
        try:
            while not over.is_set():
                one()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=again, args=(one,), daemon=True) for one in rounds]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(PATIENCE)
    for failure in failures:
        raise failure


def accepted(peer: Peer) -> dict[int, list[str]]:
    """What the provider took of the operators' words for each client, in its order; the desk greets by itself, too."""
    found: dict[int, list[str]] = defaultdict(list)
    for call in peer.calls("sendMessage"):
        if call["status"] == 200:
            params: dict[str, Any] = call["params"]
            if _ANSWER.fullmatch(params["text"]):
                found[int(params["chat_id"])].append(params["text"])
    return found
