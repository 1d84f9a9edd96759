"""The road in: accept by webhook, take, accept by polling; each beside the database's floor."""

import time
from collections.abc import Iterator

from bench.figures import Figure, beside
from bench.hooks import update
from bench.lab import Lab

CLIENTS = 200
# Asked on one connection, and not for a number: counting, and connecting each time, took a fifth of what is measured.
_WAITS = "SELECT EXISTS (SELECT FROM inbox WHERE state = 'new')"
_PAUSE = 0.02


def accept(lab: Lab) -> Iterator[Figure]:
    """Webhook through gunicorn: secret proved, raw update sealed, one row, committed; nothing else works meanwhile."""
    count = lab.scaled(4000, 1500)
    lab.hook.pour(_updates(300))
    with lab.desk.paused("hot", "send", "slow"):
        ours, floor = beside(lambda: lab.hook.pour(_updates(count)), lab.floor)
        _passed_over(lab)
    yield from _beside_floor("intake.accept", "accepted", ours, floor, 0.15)


def take(lab: Lab) -> Iterator[Figure]:
    """What was accepted is understood, stored and pushed to a signed-in desk, twenty rows a transaction."""
    assert lab.operator  # noqa: S101 - with nobody signed in nothing would be drawn
    count, clients = lab.scaled(3000, 500), lab.scaled(CLIENTS, 80)
    lab.hook.pour(_updates(clients, clients))
    _emptied(lab)
    ours, floor = beside(lambda: _taken(lab, _updates(count, clients)), lab.floor)
    yield from _beside_floor("intake.take", "taken", ours, floor, 0.08)


def polled(lab: Lab) -> Iterator[Figure]:
    """Batches of a hundred by long polling, each stored for good before the next is asked for."""
    count = lab.scaled(8000, 700)
    _polls(lab, 100)
    with lab.desk.paused("hot", "send", "slow"):
        ours, floor = beside(lambda: _polls(lab, count), lab.floor)
        _passed_over(lab)
    yield from _beside_floor("intake.polled", "accepted", ours, floor, 0.5)


def _updates(count: int, clients: int = CLIENTS) -> list[dict]:  # type: ignore[type-arg]
    return [update(7_000_000 + number % clients) for number in range(count)]


def _taken(lab: Lab, updates: list[dict]) -> float:  # type: ignore[type-arg]
    """Fill the inbox while nobody takes, then let the worker go."""
    with lab.desk.paused("hot"):
        lab.hook.pour(updates)
        began = time.perf_counter()
    _emptied(lab)
    return len(updates) / (time.perf_counter() - began)


def _polls(lab: Lab, count: int) -> float:
    updates, telegram, before = _updates(count), lab.polled, lab.polled.confirmed
    began = time.perf_counter()
    telegram.offer(updates[at : at + 100] for at in range(0, count, 100))
    while telegram.confirmed - before < count:
        time.sleep(0.005)
    return count / (time.perf_counter() - began)


def _emptied(lab: Lab) -> None:
    with lab.desk.connect() as connection:
        while connection.execute(_WAITS).fetchone() == (True,):
            time.sleep(_PAUSE)


def _passed_over(lab: Lab) -> None:
    """What was only to be accepted is not taken: it would last longer than what is measured."""
    with lab.desk.connect() as connection:
        connection.execute("UPDATE inbox SET state = 'taken', taken_at = received_at WHERE state = 'new'")


def _beside_floor(bench: str, what: str, ours: float, floor: float, target: float) -> Iterator[Figure]:
    about = {"floor": round(floor), "ours": round(ours)}
    yield Figure(bench, f"{what}, share of the floor", round(ours / floor, 3), "×", target, more=True, about=about)
    yield Figure(bench, what, round(ours), "msg/s")
    yield Figure(bench, "floor: pgbench, the same rows", round(floor), "tps")
