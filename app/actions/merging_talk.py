"""What was said goes with a merge, and comes back with its end: messages, files, parts to send, words, events, drafts.

Both chats are locked by the caller. Each of these says in which chat it stands, so readers ask for one chat only.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from app.base import crypt
from app.base.crypt import opened
from app.models.db import db

_MESSAGES = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :to RETURNING rev)
    UPDATE message SET chat_id = :to, rev = bumped.rev FROM bumped WHERE chat_id = :from
""")
_MESSAGES_OF = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :to RETURNING rev)
    UPDATE message SET chat_id = :to, rev = bumped.rev FROM bumped
     WHERE chat_id = :from AND identity_id = ANY(:identities)
""")
# Whatever belongs to a message stands where the message stands.
_BESIDE = [
    text(f"""
        UPDATE {table} SET chat_id = :to FROM message m
         WHERE m.chat_id = :to AND {table}.message_id = m.id AND {table}.chat_id = :from
    """)  # noqa: S608 - tables of ours
    for table in ("file", "outbox", "message_words")
]
# An event has no identity: it keeps a mark of the chat it happened in.
_EVENTS = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :to RETURNING rev)
    UPDATE event SET chat_id = :to, rev = bumped.rev,
           data = jsonb_build_object('of_chat', CAST(:from AS bigint)) || data
      FROM bumped WHERE chat_id = :from
""")
_EVENTS_OF = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :to RETURNING rev)
    UPDATE event SET chat_id = :to, rev = bumped.rev,
           data = CASE WHEN CAST(data->>'of_chat' AS bigint) = :to THEN data - 'of_chat' ELSE data END
      FROM bumped
     WHERE chat_id = :from AND (CAST(data->>'of_chat' AS bigint) = ANY(:chats)
        OR episode_id IN (SELECT id FROM episode WHERE chat_id = :to))
""")
_DRAFTS = text("SELECT chat_id, person_id, text, saved_at FROM draft WHERE chat_id IN (:from, :to)")
_DRAFT = text("""
    INSERT INTO draft (chat_id, person_id, text, saved_at) VALUES (:chat_id, :person_id, :text, :saved_at)
    ON CONFLICT (chat_id, person_id) DO UPDATE SET text = excluded.text, saved_at = excluded.saved_at
""")
_FORGET = text("DELETE FROM draft WHERE chat_id = :from")


def bring(from_chat: int, to_chat: int) -> None:
    """All of one chat into another."""
    way = {"from": from_chat, "to": to_chat}
    db.session.execute(_MESSAGES, way)
    _beside(way)
    db.session.execute(_EVENTS, way)
    _bring_drafts(way)


def part(from_chat: int, to_chat: int, identities: Sequence[int], chats: Sequence[int]) -> None:
    """Back again: what these identities said and were told, and the events that happened in these chats."""
    way = {"from": from_chat, "to": to_chat}
    db.session.execute(_MESSAGES_OF, {**way, "identities": list(identities)})
    _beside(way)
    db.session.execute(_EVENTS_OF, {**way, "chats": list(chats)})


def _beside(way: dict[str, int]) -> None:
    for statement in _BESIDE:
        db.session.execute(statement, way)


def _bring_drafts(way: dict[str, int]) -> None:
    """What somebody was writing in both stands in one below the other."""
    rows = db.session.execute(_DRAFTS, way).all()
    here = {row.person_id: _said(row) for row in rows if row.chat_id == way["to"]}
    for row in rows:
        if row.chat_id == way["from"]:
            both = "\n".join(filter(None, [here.get(row.person_id), _said(row)]))
            place = ("draft.text", f"{way['to']}:{row.person_id}")
            values = {"chat_id": way["to"], "person_id": row.person_id, "saved_at": row.saved_at}
            db.session.execute(_DRAFT, {**values, "text": crypt.seal(both, at=place)})
    db.session.execute(_FORGET, way)


def _said(row: Any) -> str:
    return opened(row.text, "draft.text", f"{row.chat_id}:{row.person_id}")
