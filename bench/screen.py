"""From a client's word to the right operator's screen, with two hundred pages open; and what an open page costs."""

import json
import os
import re
import secrets
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
from bench.people import Operator, hire
from bench.sockets import Sockets

OPERATORS = 200
_FIRST_CLIENT = 8_000_000
NEVER = 30.0  # what did not come is told as this
NONCE = re.compile("zq[a-p]{10}")
_GIVE = """
    WITH given AS (
      UPDATE standing s SET stage = 'work', owner_id = %s FROM chat c JOIN identity i USING (customer_id)
       WHERE s.chat_id = c.id AND i.external_id = %s RETURNING s.chat_id, s.episode_id, s.owner_id),
    assigned AS (
      INSERT INTO assignment (episode_id, person_id, began_at, how)
      SELECT episode_id, owner_id, now(), 'next' FROM given)
    SELECT chat_id FROM given
"""


class Screens:
    """Each operator has a chat of his own open, and remembers when each word came to his page."""

    def __init__(self, lab: Lab) -> None:
        self.lab, self.strangers = lab, 0
        self.row = 0  # bytes of the largest row that was pushed
        self.came: dict[str, float] = {}
        self.awaited: dict[str, int] = {}
        self._lock = threading.Lock()
        self.operators = hire(lab.desk, OPERATORS)
        lab.hook.pour([update(_FIRST_CLIENT + number) for number in range(OPERATORS)])
        self.chats = [given(lab, one, str(_FIRST_CLIENT + number)) for number, one in enumerate(self.operators)]
        self.before = memory(lab.desk)
        self.sockets = Sockets.of_desk(lab.desk, self.operators, self._heard)
        self.after = memory(lab.desk)
        for number, chat_id in enumerate(self.chats):
            self.sockets.watch(number, [f"chat:{chat_id}"])
        time.sleep(1)

    def write(self, words: str) -> None:
        """The client of this operator writes by webhook."""
        self.lab.hook.pour([update(_FIRST_CLIENT + self.awaited[words], words)], connections=1)

    def latencies(self, per_second: int, seconds: int) -> list[float]:
        """Milliseconds from the moment a word was due to its bubble on the page."""
        words = [nonce() for _ in range(per_second * seconds)]
        self.awaited |= {word: number % OPERATORS for number, word in enumerate(words)}
        due = open_loop(words, per_second, self.write)
        deadline = time.monotonic() + NEVER
        while len(self.came.keys() & due.keys()) < len(words) and time.monotonic() < deadline:
            time.sleep(0.05)
        return [(self.came.get(word, moment + NEVER) - moment) * 1000 for word, moment in due.items()]

    def _heard(self, number: int, event: str, data: Any, moment: float) -> None:
        if event != "fragment":
            return
        if str(data.get("list", "")).startswith("rows-"):
            self.row = max(self.row, len(json.dumps(data, ensure_ascii=False).encode()))
            return
        for word in NONCE.findall(data["html"]):
            with self._lock:
                self.strangers += self.awaited.get(word, number) != number
                self.came.setdefault(word, moment)


def screen(lab: Lab) -> Iterator[Figure]:
    """Webhook → fragment in the right operator's socket; then what the idle pages cost."""
    screens = Screens(lab)
    seconds = lab.scaled(30, 4)
    try:
        for per_second, target in ((30, 150.0), (100, 500.0)):
            took = screens.latencies(per_second, seconds)
            what = f"{per_second} msg/s, {OPERATORS} operators"
            yield Figure("screen", f"{what}: p99", round(percentile(took, 0.99)), "ms", target)
            yield Figure("screen", f"{what}: p50", round(percentile(took, 0.5)), "ms")
        yield Figure("screen", "pages that heard what was not theirs", screens.strangers, "", 0)
        yield Figure("screen", "one changed row on the wire", screens.row, "B", 1024)
        each = (screens.after - screens.before) * 1024 / OPERATORS
        yield Figure("screen", "memory of one open page", round(each), "KB", 300)
        yield Figure("screen", "CPU of one idle operator", round(_idle(lab.desk, lab.scaled(10, 3)), 3), "ms/s", 0.2)
    finally:
        screens.sockets.close()


def given(lab: Lab, operator: Operator, client: str) -> int:
    """The client's chat, which this operator has from now on."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        chat_id = lab.one(_GIVE, operator.id, client)
        if chat_id is not None:
            return int(chat_id)
        time.sleep(0.05)
    raise RuntimeError("the first words were not taken")


def memory(desk: Desk) -> float:
    """Proportional set size of the web worker, MB."""
    for line in Path(f"/proc/{desk.pids('web')[-1]}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the kernel tells no memory")


def _idle(desk: Desk, seconds: float) -> float:
    """Milliseconds of the web worker's CPU a second for each connected page, when nothing happens."""
    time.sleep(1)
    before = cpu(desk)
    time.sleep(seconds)
    return (cpu(desk) - before) * 1000 / seconds / OPERATORS


def cpu(desk: Desk) -> float:
    """Seconds of processor time that the web worker has used."""
    fields = Path(f"/proc/{desk.pids('web')[-1]}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def nonce() -> str:
    """A word that nobody masks and nobody else says."""
    return "zq" + "".join(secrets.choice("abcdefghijklmnop") for _ in range(10))
