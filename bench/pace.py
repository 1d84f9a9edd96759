"""An open loop: what is due is begun at its moment, whether or not what came before is done."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")


def open_loop(items: Iterable[T], per_second: float, begin: Callable[[T], object], threads: int = 16) -> dict[T, float]:
    """Begin each at its moment; gives the moments each was due. What fails is raised at the end."""
    due: dict[T, float] = {}
    started = time.perf_counter() + 0.05
    with ThreadPoolExecutor(threads) as pool:
        begun = []
        for number, item in enumerate(items):
            due[item] = started + number / per_second
            time.sleep(max(0.0, due[item] - time.perf_counter()))
            begun.append(pool.submit(begin, item))
        for one in wait(begun).done:
            one.result()
    return due
