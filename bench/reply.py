"""From the operator's Enter to the channel's server."""

import time
from collections.abc import Iterator
from itertools import cycle

from bench.figures import Figure, percentile
from bench.hooks import update
from bench.lab import Lab
from bench.pace import open_loop
from bench.people import Browser, hire

CHATS = 40
PER_SECOND = 8  # a chat may get one answer a second, a bot thirty (Telegram's limits)
_FIRST_CLIENT = 9_000_000


def reply(lab: Lab) -> Iterator[Figure]:
    """POST of an answer → sendMessage at the fake."""
    lab.hook.pour([update(_FIRST_CLIENT + number) for number in range(CHATS)])
    while lab.one("SELECT count(*) FROM inbox WHERE state = 'new'"):
        time.sleep(0.05)
    browsers = [Browser(lab.desk, operator) for operator in hire(lab.desk, 8)]
    turns = cycle([(browser, _taken(browser)) for _ in range(CHATS // 8) for browser in browsers])
    answers = {f"javob {number}": next(turns) for number in range(PER_SECOND * lab.scaled(40, 5))}

    def say(words: str) -> None:
        browser, chat_id = answers[words]
        status, _ = browser.post(f"/chats/{chat_id}/say", text=words, client_id=words)
        if status != 303:
            raise RuntimeError(f"an answer was refused with {status}")

    due = open_loop(answers, PER_SECOND, say, threads=8)
    deadline = time.monotonic() + 30
    while len(lab.hooked.sent.keys() & due.keys()) < len(due) and time.monotonic() < deadline:
        time.sleep(0.05)
    took = [(lab.hooked.sent.get(words, moment + 30) - moment) * 1000 for words, moment in due.items()]
    yield Figure("reply", f"{PER_SECOND} answers/s: p99", round(percentile(took, 0.99)), "ms", 400)
    yield Figure("reply", f"{PER_SECOND} answers/s: p50", round(percentile(took, 0.5)), "ms")


def _taken(browser: Browser) -> str:
    status, place = browser.post("/chats/next")
    if not place.rpartition("/")[2].isdigit():
        raise RuntimeError(f"nothing to take: {status} {place}")
    return place.rpartition("/")[2]
