"""Store raw updates for good. Requests that come while one statement is on its way share the next one.

A statement and a wake-up for each webhook cost more than all the rest of it (docs/performance.md).
"""

import json
import threading
import time
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.models.db import db, is_away, retried

# One text for all rows: of arrays psycopg looks at every value of every row, a tenth of a webhook's time.
_STORE = """
    INSERT INTO inbox (id, channel_id, external_id, lane, received_at, raw)
    SELECT id, channel_id, external_id, lane, received_at, decode(raw, 'base64')
      FROM json_to_recordset(CAST(:rows AS json)) AS row
           (id uuid, channel_id bigint, external_id text, lane text, received_at timestamptz, raw text)
    ON CONFLICT (channel_id, external_id) DO NOTHING
"""
_ALONE = text(_STORE)
# The poller's place moves with what it fetched: nothing is confirmed that is not stored.
_TO = text(f"""
    WITH stored AS ({_STORE} RETURNING 1)
    UPDATE channel SET cursor = :cursor, heard_at = :now, trouble = '' WHERE id = :channel_id
""")  # noqa: S608 - our own words


@dataclass(frozen=True)
class New:
    """One update as it will lie in the inbox."""

    id: UUID
    channel_id: int
    external_id: str
    lane: str
    received_at: datetime
    sealed: bytes


@dataclass(eq=False)
class _Request:
    """The updates of one request, and what became of them. `ring`: somebody must wake the drain for it."""

    rows: Sequence[New]
    ring: bool
    stored: bool = False
    error: Exception | None = None


_waiting: list[_Request] = []
_writing = threading.Lock()
_kept: Connection | None = None


def store(rows: Sequence[New], *, ring: bool) -> bool:
    """Return when the rows are stored for good. True for the one of those stored together that is to ring for them."""
    mine = _Request(rows, ring)
    _waiting.append(mine)
    with _writing:
        time.sleep(0)  # whoever stands ready now comes along
        if not mine.stored and mine.error is None:
            together = _all_waiting(mine)
            _settle(together, mine)
            return any(request.ring for request in together if request.stored)
    if mine.error is not None:  # whoever wrote took ours along
        raise mine.error
    return False


def _all_waiting(mine: _Request) -> list[_Request]:
    """Ours always among them: whoever took it along before may have been cut off in the middle of writing."""
    together = _waiting[:]
    _waiting.clear()
    return together if mine in together else [*together, mine]


def _settle(together: list[_Request], mine: _Request) -> None:
    """Write for all. When the database is away, it is for everyone; otherwise each hears of his own rows only."""
    try:
        _write([row for request in together for row in request.rows])
    except Exception as error:
        if is_away(error):
            for request in together:
                request.error = error
            raise
        _waiting[:0] = [request for request in together if request is not mine]
        _write(mine.rows)
        together = [mine]
    for request in together:
        request.stored = True


@retried
def store_to(cursor: str, channel_id: int, rows: Sequence[New], now: datetime) -> None:
    """The same for what a poller fetched; its place moves in the same statement."""
    values = {"rows": _told(rows), "cursor": cursor, "channel_id": channel_id, "now": now}
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(_TO, values)


@retried
def _write(rows: Sequence[New]) -> None:
    """One statement commits itself: a third of the trips to the database."""
    kept, fresh = _connection()
    try:
        kept.execute(_ALONE, {"rows": _told(rows)})
    except BaseException as error:  # whoever is cut off in the middle leaves a connection that nobody can use
        _let_go()
        if fresh or not isinstance(error, DBAPIError) or not is_away(error):
            raise
        _write(rows)  # the server ended the connection while it was kept: whatever was stored is not stored twice


def _connection() -> tuple[Connection, bool]:
    """The one that is kept for this, and whether it has just been made: whoever writes holds `_writing`.

    Fetched from the pool it was asked each time whether it lives, which took as long as the statement.
    """
    global _kept
    if _kept is not None and _kept.engine is db.engine:
        return _kept, False
    _let_go()
    _kept = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    return _kept, True


def _let_go() -> None:
    global _kept
    if _kept is not None:
        kept, _kept = _kept, None
        kept.invalidate()
        kept.close()


def _told(rows: Sequence[New]) -> str:
    return json.dumps(
        [
            {
                "id": str(row.id),
                "channel_id": row.channel_id,
                "external_id": row.external_id,
                "lane": row.lane,
                "received_at": row.received_at.isoformat(),
                "raw": b64encode(row.sealed).decode(),
            }
            for row in rows
        ]
    )
