"""Fingerprints of the journal: of one row, and of a block with the one before it. Sealed bytes go in as they are."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

# In this order, for good: another order or column would be another fingerprint.
COLUMNS = (
    "id", "at", "xid", "kind", "outcome", "person_id", "login", "address", "device", "object_kind", "object_id",
    "details",
)  # fmt: skip
SIZE = 32
BEGINNING = bytes(SIZE)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def of_row(values: Sequence[Any]) -> bytes:
    """SHA-256 over the row's values in the order of COLUMNS."""
    return _digest(values)


def of_block(
    number: int,
    sealed_at: datetime,
    horizon: int,
    last: tuple[int, UUID],
    ids: Sequence[UUID],
    prints: bytes,
    previous: bytes,
) -> bytes:
    """SHA-256 over everything a block says."""
    return _digest((number, sealed_at, horizon, *last, b"".join(one.bytes for one in ids), prints, previous))


def _digest(values: Sequence[Any]) -> bytes:
    contents = [_bytes(value) for value in values]
    # The lengths go in, or "ab", "c" and "a", "bc" would be one.
    return hashlib.sha256(b"".join(len(one).to_bytes(4, "big") + one for one in contents)).digest()


def _bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    if isinstance(value, UUID):
        return value.bytes
    if isinstance(value, datetime):
        return str((value - _EPOCH) // _MICROSECOND).encode()
    return b"\0none" if value is None else str(value).encode()
