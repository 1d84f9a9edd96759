"""Words to clients that wait a few seconds, so that their authors can still take them back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from app.models.chat import UNDO
from app.models.db import db

# Nobody has begun to send any part of it.
_HELD = text("""
    SELECT message_id, max(next_at) AS until FROM outbox WHERE message_id = ANY(:ids) AND verb = 'send'
     GROUP BY message_id HAVING bool_and(state = 'queued' AND tries = 0 AND next_at = queued_at + :undo)
""")


def until(ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Which of these messages wait, and until when."""
    rows = db.session.execute(_HELD, {"ids": list(ids), "undo": UNDO}) if ids else ()
    return {row.message_id: row.until for row in rows}
