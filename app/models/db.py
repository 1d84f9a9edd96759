"""The database handle and the one way to write: `transaction()` with its after-commit list."""

import functools
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, MetaData, text
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError
from sqlalchemy.orm import DeclarativeBase

from app.base import prepared, wire

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: DateTime(timezone=True)}  # noqa: RUF012 - as SQLAlchemy asks


db = SQLAlchemy(metadata=Base.metadata)

_open: ContextVar["Transaction | None"] = ContextVar("transaction", default=None)


class Transaction:
    """What is to happen once the rows are safe: pushes and wake-ups, in the order they were asked for."""

    def __init__(self) -> None:
        self._after: list[tuple[Callable[..., object], tuple[Any, ...]]] = []

    def after(self, verb: Callable[..., object], *args: Any) -> None:
        """Twenty messages of one chat in one transaction redraw its row once."""
        if (verb, args) not in self._after:
            self._after.append((verb, args))

    def run_after(self) -> None:
        """All in one look at the database, which ends with them: a worker goes on and must keep nothing open."""
        with wire.together():
            for verb, args in self._after:
                try:
                    verb(*args)
                except Exception:
                    log.exception("after commit: %s failed", getattr(verb, "__qualname__", verb))
                    db.session.rollback()
            db.session.rollback()


@contextmanager
def transaction() -> Iterator[Transaction]:
    """Commit what the block wrote, then run its after-commit list. A block inside another joins it."""
    outer = _open.get()
    if outer is not None:
        yield outer
        return
    tx = Transaction()
    token = _open.set(tx)
    try:
        yield tx
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _open.reset(token)
    tx.run_after()


_BY_KEYS = text("""
    SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)
""")


def by_keys() -> None:
    """For this transaction each statement is planned once, and never reads a whole table.

    For whoever runs the same few by keys many times a second: planning anew for each batch was a quarter of the
    database's time, and a plan made while a table was small would stay.
    """
    db.session.execute(_BY_KEYS)


@contextmanager
def holding() -> Iterator[Connection]:
    """A connection for a session's locks: closed at the end, not pooled, and soon given up when it has gone silent."""
    with db.engine.connect() as holder:
        holder.detach()
        cast(Any, holder.connection.dbapi_connection).patience = prepared.AT_ONCE
        yield holder


# What a database that is away is known by; the second: every connection is busy, most likely with waiting.
AWAY = (OperationalError, TimeoutError)


def is_away(error: Exception) -> bool:
    """Whether the database could not be reached, went away or has no room: nothing is wrong with what was asked."""
    if isinstance(error, TimeoutError):
        return True
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    # Connection exceptions, shutdown and start, a full disk or memory, a disk that fails.
    return state is None or state.startswith(("08", "57P", "53", "58"))


# serialization_failure and deadlock_detected: PostgreSQL asks for the whole transaction again.
_RETRIED = ("40001", "40P01")


def retried(verb: Callable[P, R]) -> Callable[P, R]:
    """Run a verb's whole transaction again, three times at most, when PostgreSQL says that two met."""

    @functools.wraps(verb)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in (1, 2, 3):
            try:
                return verb(*args, **kwargs)
            except DBAPIError as error:
                if attempt == 3 or _open.get() is not None or getattr(error.orig, "sqlstate", None) not in _RETRIED:
                    raise
                time.sleep(0.02 * attempt)
        raise AssertionError("unreachable")

    return wrapper
