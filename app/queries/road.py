"""How the road stands: what was accepted, taken, sent, and what stays behind."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.base import crypt
from app.models.db import db

_INBOX = text("""
    SELECT count(*) AS accepted, count(*) FILTER (WHERE state = 'taken') AS taken,
           count(*) FILTER (WHERE state = 'unsupported') AS unsupported,
           count(*) FILTER (WHERE state = 'failed') AS failed,
           coalesce(extract(epoch FROM CAST(:now AS timestamptz) - min(received_at) FILTER (WHERE state = 'new')), 0)
             AS oldest_s
      FROM inbox
""")
_OUTBOX = text("""
    SELECT count(*) FILTER (WHERE state IN ('queued', 'sending')) AS queued,
           count(*) FILTER (WHERE state IN ('sent', 'delivered', 'read')) AS sent,
           count(*) FILTER (WHERE state = 'failed') AS failed,
           count(*) FILTER (WHERE state = 'uncertain') AS uncertain,
           coalesce(extract(epoch FROM CAST(:now AS timestamptz)
                    - min(queued_at) FILTER (WHERE state IN ('queued', 'sending'))), 0) AS oldest_s
      FROM outbox
""")


def inbox(now: datetime) -> dict[str, Any]:
    """Counts of the kept rows (thirty days), and the age in seconds of the oldest that waits."""
    return _counted(_INBOX, now)


def outbox(now: datetime) -> dict[str, Any]:
    """Counts of parts of messages, and the age in seconds of the oldest that waits."""
    return _counted(_OUTBOX, now)


def _counted(statement: Any, now: datetime) -> dict[str, Any]:
    row = db.session.execute(statement, {"now": now}).one()._asdict()
    return {**row, "oldest_s": round(float(row["oldest_s"]), 1)}


_STUCK = text("""
    SELECT i.id, i.received_at, c.name AS channel, i.state, i.error, i.tries, i.raw
      FROM inbox i JOIN channel c ON c.id = i.channel_id
     WHERE i.state IN ('failed', 'unsupported') OR (i.state = 'new' AND i.tries > 0)
     ORDER BY i.id DESC LIMIT 50
""")


@dataclass(frozen=True)
class Stuck:
    """A row that could not be read; `raw` is its beginning with every value hidden."""

    id: UUID
    received_at: datetime
    channel: str
    state: str
    error: str
    tries: int
    raw: str


def failed() -> list[Stuck]:
    """The newest fifty that wait for a person."""
    rows = db.session.execute(_STUCK).mappings()
    return [Stuck(**{**row, "raw": _shape(row["raw"], row["id"])}) for row in rows]


def _shape(raw: bytes, row_id: UUID) -> str:
    """The raw message with its structure in sight and nobody's words."""
    try:
        body = json.loads(crypt.open_bytes(raw, ("inbox.raw", row_id)))
    except (crypt.SealBroken, crypt.KeyUnknown, ValueError) as error:
        return type(error).__name__
    return json.dumps(_hidden(body))[:300]


def _hidden(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _hidden(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_hidden(inner) for inner in value[:3]]
    return "…"
