"""What rules ask of a chat, gathered: of those that wait, and of episodes of a past day."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.base.crypt import opened
from app.models.db import db
from app.models.rule import RETURNING_MINUTES, Facts
from app.queries import settings

# Of an open episode the language is what the queue knows; of a past one what was known then. Segment and tags are the
# client's of today. Whoever signs in at the bank's site (`s-…`) or has shown his own number is verified.
_FACTS = """
    SELECT e.id AS episode_id, e.chat_id, i.channel_id, h.kind AS channel_kind,
           coalesce(s.language, e.language, k.language) AS language, coalesce(k.segment_id, e.segment_id) AS segment_id,
           k.id AS customer_id, k.vip, coalesce(e.queued_at, e.arrived_at) AS at,
           (h.kind = 'webchat' AND i.external_id LIKE 's-%')
             OR EXISTS (SELECT 1 FROM customer_phone p
                         WHERE p.customer_id = k.id AND p.proven_at IS NOT NULL AND p.removed_at IS NULL) AS verified,
           e.type = 'resumed' OR EXISTS (
             SELECT 1 FROM episode b WHERE b.chat_id = e.chat_id AND b.number = e.number - 1
                AND b.closed_at > e.arrived_at - CAST(:returning AS interval)) AS returning,
           (SELECT coalesce(array_agg(t.topic_id), '{{}}') FROM episode_topic t WHERE t.episode_id = e.id) AS topic_ids,
           (SELECT coalesce(array_agg(n.value), '{{}}')
              FROM customer_tag x JOIN tag g ON g.id = x.tag_id, jsonb_each_text(g.names) n
             WHERE x.customer_id = k.id AND g.archived_at IS NULL) AS tags,
           m.id AS message_id, m.text
      FROM {source}
      JOIN chat c ON c.id = e.chat_id
      JOIN customer o ON o.id = c.customer_id
      JOIN customer k ON k.id = coalesce(o.merged_into, o.id)
      JOIN identity i ON i.id = coalesce(s.identity_id, e.identity_id)
      JOIN channel h ON h.id = i.channel_id
      LEFT JOIN LATERAL (SELECT id, text FROM message
                          WHERE chat_id = e.chat_id AND episode_id = e.id AND kind = 'client'
                            AND at >= e.arrived_at - interval '2 days' ORDER BY at, id LIMIT 1) m ON true
"""
_OPEN = "standing s JOIN episode e ON e.id = s.episode_id"
_OF_CHATS = text(_FACTS.format(source=_OPEN) + " WHERE s.chat_id = ANY(:chat_ids)")
_OF_EPISODES = text(
    _FACTS.format(source="episode e LEFT JOIN standing s ON s.episode_id = e.id") + " WHERE e.id = ANY(:episode_ids)"
)


def of_chat(chat_id: int) -> Facts | None:
    """What is known of a chat with an open episode; None when there is none."""
    return of_chats([chat_id]).get(chat_id)


def of_chats(chat_ids: Collection[int]) -> dict[int, Facts]:
    """By chat; closed ones are left out."""
    rows = db.session.execute(_OF_CHATS, {"chat_ids": list(chat_ids), "returning": _returning()})
    return {row.chat_id: _facts(row) for row in rows}


def of_episodes(episode_ids: Iterable[int]) -> dict[int, Facts]:
    """By episode, as it came in."""
    rows = db.session.execute(_OF_EPISODES, {"episode_ids": list(episode_ids), "returning": _returning()})
    return {row.episode_id: _facts(row) for row in rows}


def _returning() -> str:
    return f"{settings.value(RETURNING_MINUTES)} minutes"


def _facts(row: Any) -> Facts:
    at: datetime = row.at
    return Facts(
        channel_id=row.channel_id,
        channel_kind=row.channel_kind,
        language=row.language,
        topic_ids=frozenset(row.topic_ids),
        segment_id=row.segment_id,
        customer_id=row.customer_id,
        text=opened(row.text, "message.text", row.message_id),
        verified=row.verified,
        returning=row.returning,
        attributes={"chat_id": row.chat_id, "vip": row.vip, "tags": row.tags},
        at=at,
    )
