"""Values of declared settings. Cached with a version read from PostgreSQL every two seconds; Redis is not needed."""

import time
from threading import Lock
from typing import Any

from sqlalchemy import select

from app.models.db import AWAY, db
from app.models.setting import Setting, SettingRow, SettingVersion

_FRESH_SECONDS = 2.0


class _Cache:
    def __init__(self) -> None:
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        self.checked, self.version, self.values = 0.0, -1, dict[str, Any]()

    @property
    def fresh(self) -> bool:
        return time.monotonic() - self.checked < _FRESH_SECONDS


_cache = _Cache()


def value(setting: Setting) -> Any:
    """The administrators' value, or the declared default. At most two seconds old."""
    return _values().get(setting.key, setting.default)


def forget() -> None:
    """The next `value()` asks the database: for whoever has just changed one, and for tests."""
    _cache.forget()


def _values() -> dict[str, Any]:
    if _cache.fresh:
        return _cache.values
    with _cache.lock:
        if not _cache.fresh:  # whoever had the lock has asked for all
            _ask()
    return _cache.values


def _ask() -> None:
    try:
        _refresh()
    except AWAY:  # the database is away: what is known serves until it is back
        db.session.rollback()
    _cache.checked = time.monotonic()


def _refresh() -> None:
    version = db.session.scalar(select(SettingVersion.number)) or 0
    if version != _cache.version:
        _cache.values = {row.key: row.value for row in db.session.scalars(select(SettingRow))}
        _cache.version = version
