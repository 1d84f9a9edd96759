"""Two hundred operators with ten chats each, a hundred words a second for ten minutes: prompt; no memory grows."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.desk import Desk
from bench.figures import Figure, percentile
from bench.hooks import update
from bench.lab import Lab
from bench.pace import open_loop
from bench.people import hire
from bench.screen import NEVER, NONCE, nonce
from bench.sockets import Sockets

OPERATORS, EACH, PER_SECOND = 200, 10, 100
_CLIENTS = OPERATORS * EACH
_FIRST_CLIENT = 9_700_000
_WATCHED = ("web", "hot", "send", "slow")
_GIVE = """
    WITH given AS (
      UPDATE standing s SET stage = 'work', owner_id = o.owner_id FROM chat c JOIN identity i USING (customer_id)
        JOIN unnest(%s::text[], %s::bigint[]) AS o (client, owner_id) ON o.client = i.external_id
       WHERE s.chat_id = c.id RETURNING s.chat_id, s.episode_id, s.owner_id),
    assigned AS (
      INSERT INTO assignment (episode_id, person_id, began_at, how)
      SELECT episode_id, owner_id, now(), 'next' FROM given)
    SELECT count(*) FROM given
"""
_OPEN = "SELECT count(*) FROM identity WHERE external_id = ANY(%s)"
_CHAT = "SELECT c.id FROM chat c JOIN identity i USING (customer_id) WHERE i.external_id = %s"


class Crowd:
    """Every operator has one of his chats open; a word has come when its bubble or its row is on his page."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.acknowledged: dict[str, float] = {}
        self.came: dict[str, float] = {}
        self.client_of: dict[str, int] = {}
        self._lock = threading.Lock()
        clients = [str(_FIRST_CLIENT + number) for number in range(_CLIENTS)]
        lab.hook.pour([update(int(client)) for client in clients])
        _until(lambda: lab.one(_OPEN, clients) == _CLIENTS)
        operators = hire(lab.desk, OPERATORS)
        _until(lambda: lab.one("SELECT count(*) FROM inbox WHERE state = 'new'") == 0)
        lab.one(_GIVE, clients, [operators[number % OPERATORS].id for number in range(_CLIENTS)])
        self.sockets = Sockets.of_desk(lab.desk, operators, self._heard)
        for number in range(OPERATORS):
            self.sockets.watch(number, [f"chat:{lab.one(_CHAT, clients[number])}"])

    def pour(self, seconds: int) -> dict[str, float]:
        """Words at the pace, and when each was due."""
        words = [nonce() for _ in range(PER_SECOND * seconds)]
        self.client_of |= {word: number % _CLIENTS for number, word in enumerate(words)}
        due = open_loop(words, PER_SECOND, self._write)
        deadline = time.monotonic() + NEVER
        while len(self.came.keys() & due.keys()) < len(words) and time.monotonic() < deadline:
            time.sleep(0.05)
        return due

    def _write(self, word: str) -> None:
        self.lab.hook.pour([update(_FIRST_CLIENT + self.client_of[word], word)], connections=1)
        self.acknowledged[word] = time.perf_counter()

    def _heard(self, number: int, event: str, data: Any, moment: float) -> None:
        if event != "fragment":
            return
        for word in NONCE.findall(data["html"]):
            if self.client_of.get(word, number) % OPERATORS == number:
                with self._lock:
                    self.came.setdefault(word, moment)


def endurance(lab: Lab) -> Iterator[Figure]:
    """Webhook → 200, webhook → the right page, and what the processes keep."""
    crowd = Crowd(lab)
    minutes = f"{_CLIENTS} chats, {PER_SECOND} msg/s"
    try:
        crowd.pour(lab.scaled(60, 5))  # caches fill
        before = _memory(lab.desk)
        due = crowd.pour(lab.scaled(600, 15))
        after = _memory(lab.desk)
    finally:
        crowd.sockets.close()
    for what, moments, target in (("acknowledged", crowd.acknowledged, 300.0), ("on the page", crowd.came, 1000.0)):
        took = [(moments.get(word, moment + NEVER) - moment) * 1000 for word, moment in due.items()]
        yield Figure("endurance", f"{minutes}: {what}, p95", round(percentile(took, 0.95)), "ms", target)
        yield Figure("endurance", f"{minutes}: {what}, p50", round(percentile(took, 0.5)), "ms")
    yield Figure("endurance", "words that did not come", len(due.keys() - crowd.came.keys()), "", 0)
    for child in _WATCHED:
        about = {"before": round(before[child]), "after": round(after[child])}
        grown = round(after[child] / before[child], 2)
        yield Figure("endurance", f"memory of {child}, after / before", grown, "×", 1.1, about=about)


def _memory(desk: Desk) -> dict[str, float]:
    """Proportional set size of each kind of process, MB."""
    return {child: sum(map(_pss, desk.pids(child))) for child in _WATCHED}


def _pss(pid: int) -> float:
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:")) / 1024


def _until(done: Any) -> None:
    deadline = time.monotonic() + 600
    while not done():
        if time.monotonic() > deadline:
            raise RuntimeError("the desk did not take the first words")
        time.sleep(0.1)
