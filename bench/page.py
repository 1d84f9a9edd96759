"""The desk's page on a slow computer: Chromium slowed four times, three hundred own chats, one of them busy."""

import os
import statistics
import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.figures import Figure
from bench.hooks import update
from bench.lab import Lab
from bench.pace import open_loop
from bench.people import COOKIE, Operator, hire

CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-precise-memory-info"]
SLOWED = 4
CHATS = 300
BUSY = 150  # words in the open chat beforehand
WORDS = 20  # a second: half for the open chat (a bubble and a row), half for the others (a row), thirty pushes
AN_HOUR = 6 * 3600  # pushes: six a second
_FIRST_CLIENT = 9_500_000
_GIVE = """
    WITH given AS (
      UPDATE standing s SET stage = 'work', owner_id = %s FROM chat c JOIN identity i USING (customer_id)
       WHERE s.chat_id = c.id AND i.external_id = ANY(%s) RETURNING s.chat_id, s.episode_id, s.owner_id),
    assigned AS (
      INSERT INTO assignment (episode_id, person_id, began_at, how)
      SELECT episode_id, owner_id, now(), 'next' FROM given)
    SELECT count(*) FROM given
"""
_COUNT = "SELECT count(*) FROM standing s JOIN chat c ON c.id = s.chat_id JOIN identity i USING (customer_id)" \
         " WHERE i.external_id = ANY(%s)"  # fmt: skip
_BUSY = "SELECT c.id FROM chat c JOIN identity i USING (customer_id) WHERE i.external_id = %s"
# Usable: the field is there, every script has run, and the socket is in its rooms.
_WATCH = """
  window.seen = { long: [], pushes: 0, usable: 0 };
  new PerformanceObserver((list) => window.seen.long.push(...list.getEntries().map((one) => one.duration)))
    .observe({ type: "longtask", buffered: true });
  document.addEventListener("live:swapped", () => { window.seen.pushes += 1; });
  document.addEventListener("live:missed", () => { window.seen.pushes += 1; });
  const usable = setInterval(() => {
    if (document.documentElement?.dataset.wire !== "online" || !document.getElementById("text")) return;
    window.seen.usable = performance.now();
    clearInterval(usable);
  }, 5);
"""


def page(lab: Lab) -> Iterator[Figure]:
    """Time to usable, long tasks under traffic, what the page keeps."""
    operator = hire(lab.desk, 1)[0]
    busy = _chats(lab, operator)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(base_url=lab.desk.root, viewport={"width": 1366, "height": 768})
        context.add_cookies([{"name": COOKIE, "value": operator.token, "url": lab.desk.root}])
        context.add_init_script(_WATCH)
        shown = context.new_page()
        slowed = context.new_cdp_session(shown)
        slowed.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        yield _usable(shown, f"/chats/{busy}", lab.scaled(5, 3))
        before = _heap(shown, slowed)
        yield from _traffic(lab, shown, lab.scaled(20, 10))
        yield from _kept(lab, shown, slowed, before)
        browser.close()


def _chats(lab: Lab, operator: Operator) -> int:
    """Three hundred chats of this operator; the busy one's number."""
    clients = [str(_FIRST_CLIENT + number) for number in range(CHATS)]
    lab.hook.pour([update(_FIRST_CLIENT + number) for number in range(CHATS)])
    _until(lambda: lab.one(_COUNT, clients) == CHATS)
    lab.one(_GIVE, operator.id, clients)
    lab.hook.pour([update(_FIRST_CLIENT, f"{number}. Yana bir savol") for number in range(BUSY)], connections=1)
    chat_id = int(lab.one(_BUSY, clients[0]))
    _until(lambda: lab.one("SELECT count(*) FROM message WHERE chat_id = %s", chat_id) > BUSY)
    return chat_id


def _usable(shown: Page, address: str, times: int) -> Figure:
    """From the click to a page that answers; the first load fills the cache and is not counted."""
    took = []
    for _ in range(times + 1):
        shown.goto(address)
        _until(lambda: shown.evaluate("window.seen.usable"))
        took.append(float(shown.evaluate("window.seen.usable")))
    what = f"usable with {CHATS} chats, CPU slowed {SLOWED} times"
    return Figure("page", what, round(statistics.median(took[1:])), "ms", 1500, about={"first": round(took[0])})


def _traffic(lab: Lab, shown: Page, seconds: int) -> Iterator[Figure]:
    shown.evaluate("Object.assign(window.seen, { long: [], pushes: 0 })")
    began = time.monotonic()
    _pour(lab, WORDS * seconds)
    took = time.monotonic() - began
    shown.wait_for_timeout(2000)
    seen: dict[str, Any] = shown.evaluate("window.seen")
    yield Figure("page", "pushes drawn", round(seen["pushes"] / took, 1), "a second")
    yield Figure("page", "longest task meanwhile", round(max(seen["long"], default=0)), "ms")
    share = sum(max(0.0, task - 50) for task in seen["long"]) / (took * 10)
    yield Figure("page", "time blocked by tasks longer than 50 ms", round(share, 1), "%")


def _kept(lab: Lab, shown: Page, slowed: CDPSession, before: float) -> Iterator[Figure]:
    drawn = int(shown.evaluate("window.seen.pushes"))
    pushes = lab.scaled(AN_HOUR, AN_HOUR // 24)
    while drawn < pushes:
        _pour(lab, WORDS * 10)
        drawn = int(shown.evaluate("window.seen.pushes"))
    shown.wait_for_timeout(2000)
    yield Figure("page", f"messages in the page after {drawn} pushes", _count(shown, "#flow .msg"), "", 100)
    yield Figure("page", "elements in the page", _count(shown, "*"), "")
    yield Figure("page", "JS heap", round(_heap(shown, slowed), 1), "MB", 60, about={"before": round(before, 1)})


def _pour(lab: Lab, words: int) -> None:
    """At the pace; every second word is for the open chat."""

    def write(number: int) -> None:
        client = 0 if number % 2 else 1 + number // 2 % (CHATS - 1)
        lab.hook.pour([update(_FIRST_CLIENT + client)], connections=1)

    open_loop(range(words), WORDS, write)


def _heap(shown: Page, slowed: CDPSession) -> float:
    """What is still used after everything unused was thrown away, MB."""
    slowed.send("HeapProfiler.collectGarbage")
    return float(shown.evaluate("performance.memory.usedJSHeapSize")) / (1 << 20)


def _count(shown: Page, selector: str) -> int:
    return shown.locator(selector).count()


def _until(done: Any) -> None:
    deadline = time.monotonic() + 120
    while not done():
        if time.monotonic() > deadline:
            raise RuntimeError("it did not happen in two minutes")
        time.sleep(0.1)
