"""Keep the web process's loop free: what burns CPU for more than 5 ms goes to real threads."""

from collections.abc import Callable
from threading import BoundedSemaphore
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def off_loop(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run in gevent's thread pool when this process is one loop; directly where every request has its thread."""
    if not _is_one_loop():
        return work(*args, **kwargs)
    import gevent  # only where gevent already rules; the workers never load it

    result: R = gevent.get_hub().threadpool.apply(work, args, kwargs)
    return result


def _is_one_loop() -> bool:
    import sys

    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("socket"))


def at_most(n: int) -> BoundedSemaphore:
    """So many at once; the others wait without blocking the loop."""
    return BoundedSemaphore(n)
