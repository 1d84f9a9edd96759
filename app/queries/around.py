"""A chat's talk around one message, and below a cursor: where a search opens (clause 8.4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.base.clock import EPOCH, NEVER
from app.models.db import db
from app.queries import thread
from app.queries.thread import LIMIT, Item, Page, read_cursor

_AFTER = text(f"""
    SELECT {thread.COLUMNS} WHERE m.chat_id = :chat_id AND (m.at, m.id) > (:at, CAST(:id AS uuid))
     ORDER BY m.at, m.id LIMIT :limit
""")


def after(chat_id: int, cursor: str, limit: int = LIMIT) -> Page:
    """What stands below a cursor. Raises ValueError for one that is none."""
    at, message_id = read_cursor(cursor)
    rows, newer = _below(chat_id, at, message_id, limit)
    return Page(_with_events(chat_id, rows, at, newer), after=thread.order(rows[-1].at, rows[-1].id) if newer else None)


def around(chat_id: int, message_id: UUID, limit: int = LIMIT) -> Page | None:
    """One message with what stands above and below it; None when it is not of this chat."""
    one = db.session.execute(thread.ONE, {"chat_id": chat_id, "id": message_id}).one_or_none()
    if one is None:
        return None
    values = {"chat_id": chat_id, "at": one.at, "id": one.id, "limit": limit // 2 + 1}
    above = db.session.execute(thread.BEFORE, values).all()
    older = len(above) > limit // 2
    below, newer = _below(chat_id, one.at, one.id, limit // 2)
    rows = [*reversed(above[: limit // 2]), one, *below]
    return Page(
        _with_events(chat_id, rows, rows[0].at if older else EPOCH, newer),
        before=thread.order(rows[0].at, rows[0].id) if older else None,
        after=thread.order(rows[-1].at, rows[-1].id) if newer else None,
    )


def _below(chat_id: int, at: datetime, message_id: UUID, limit: int) -> tuple[list[Any], bool]:
    """The next rows, oldest first, and whether there are more."""
    values = {"chat_id": chat_id, "at": at, "id": message_id, "limit": limit + 1}
    rows = list(db.session.execute(_AFTER, values))
    return rows[:limit], len(rows) > limit


def _with_events(chat_id: int, rows: Sequence[Any], since: datetime, newer: bool) -> tuple[Item, ...]:
    until = rows[-1].at if newer else NEVER
    events = db.session.execute(thread.EVENTS_BETWEEN, {"chat_id": chat_id, "since": since, "until": until})
    return thread.in_order((*thread.messages(rows), *map(thread.event_of, events)))
