"""Ids that sort by time: UUID version 7 (RFC 9562, section 5.7).

The application makes them before the insert, and the partitions of the large tables are ranges over them.
"""

import os
import secrets
import threading
import uuid
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TAIL_BITS = 74


class _Tail:
    """The random part, which only grows within one process (RFC 9562, section 6.2, method 2)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # The top bit starts clear: 2^41 ids fit before the tail could wrap.
        self._value = secrets.randbits(_TAIL_BITS - 1)

    def next(self) -> int:
        with self._lock:
            self._value = (self._value + 1 + secrets.randbits(32)) % (1 << _TAIL_BITS)
            return self._value


_tail = _Tail()


def uuid7(now: datetime | None = None) -> uuid.UUID:
    """A new id of this moment; ids of the same millisecond grow in the order they were made."""
    tail = _tail.next()
    return _build(_milliseconds(now or datetime.now(UTC)), tail >> 62, tail & ((1 << 62) - 1))


def month_floor(year: int, month: int) -> uuid.UUID:
    """The smallest id a month (UTC) can have: the lower bound of its partition, the upper of the one before."""
    return _build(_milliseconds(datetime(year, month, 1, tzinfo=UTC)), 0, 0)


def floor(moment: datetime) -> uuid.UUID:
    """The smallest id that can be made from this moment on, to the millisecond."""
    return _build(_milliseconds(moment), 0, 0)


def time_of(id: uuid.UUID) -> datetime:
    """The moment (UTC, to the millisecond) an id was made. Raises ValueError for any other kind of UUID."""
    if id.version != 7:
        raise ValueError(f"{id} is not a UUID version 7")
    return _EPOCH + (id.int >> 80) * _MILLISECOND


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _build(milliseconds: int, rand_a: int, rand_b: int) -> uuid.UUID:
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b)


def _reseed() -> None:
    global _tail
    _tail = _Tail()


# A forked child would otherwise walk on from its parent's tail, side by side with its brothers.
os.register_at_fork(after_in_child=_reseed)
