"""Access lists as they stand, at most a second old; Redis is not needed."""

import time
from threading import Lock

from sqlalchemy import select

from app.models.access import AccessList, Area, Rules
from app.models.db import AWAY, db

_FRESH_SECONDS = 1.0
_NEVER = float("-inf")


class _Cache:
    def __init__(self) -> None:
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        self.checked, self.rules = _NEVER, dict[str, Rules]()


_cache = _Cache()


def rules(area: Area) -> Rules:
    """What the guard goes by."""
    if _is_stale():
        with _cache.lock:
            if _is_stale():
                _ask()
    return _cache.rules.get(area, Rules())


def _ask() -> None:
    """While the database is away what is known serves: else all who come would ask in vain, one after another."""
    try:
        _cache.rules = present()
    except AWAY:
        db.session.rollback()
        if _cache.checked == _NEVER:  # nobody is let in by lists that nobody knows
            raise
    _cache.checked = time.monotonic()


def present() -> dict[str, Rules]:
    """Straight from the database: for the form that edits them."""
    return {
        row.area: Rules(tuple(row.lines), tuple(row.former or ()), row.expires_at)
        for row in db.session.scalars(select(AccessList).execution_options(populate_existing=True))
    }


def forget() -> None:
    """The next `rules()` asks the database: for whoever has just changed one, and for tests."""
    _cache.forget()


def _is_stale() -> bool:
    return time.monotonic() - _cache.checked >= _FRESH_SECONDS
