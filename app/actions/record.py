"""Record what happened to a chat: one event row per verb, for the timeline, reports and webhooks (house law 9)."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.base import ids
from app.live import push
from app.models.chat import Verb
from app.models.db import Transaction, db

# The chat's row is locked by whoever records: `rev` orders all that is visible in it.
_EVENT = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :chat_id RETURNING rev)
    INSERT INTO event (id, chat_id, episode_id, at, verb, person_id, data, rev)
    SELECT :id, :chat_id, :episode_id, :at, :verb, :person_id, CAST(:data AS jsonb), rev FROM bumped
""")


def record(
    tx: Transaction,
    chat_id: int,
    episode_id: int | None,
    verb: Verb,
    person_id: int | None,
    now: datetime,
    **data: Any,
) -> UUID:
    """Add the event and let the thread show it. `data` holds ids and codes only, never a client's words."""
    event_id = ids.uuid7(now)
    values = {"id": event_id, "chat_id": chat_id, "episode_id": episode_id, "at": now, "verb": verb.value}
    db.session.execute(_EVENT, {**values, "person_id": person_id, "data": json.dumps(data)})
    tx.after(push.event_added, chat_id, event_id)
    return event_id
