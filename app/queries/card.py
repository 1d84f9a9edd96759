"""The client's card: who it is, where one writes from, what it was about before (clause 8.4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.models.db import db
from app.queries.visible import ChatView, opened

_SHOWN = 10


@dataclass(frozen=True)
class Identity:
    """A place the client writes from. `reachable` is False once the client has blocked us there."""

    channel_kind: str
    channel_name: str
    username: str
    reachable: bool


@dataclass(frozen=True)
class Past:
    """A finished episode."""

    number: int
    topics: list[dict[str, str]]
    closed_at: datetime
    channel_name: str
    owner_name: str | None
    outcome: str | None


@dataclass(frozen=True)
class Card:
    """`episodes` counts all finished ones, `past` holds the newest ten."""

    identities: tuple[Identity, ...]
    past: tuple[Past, ...]
    episodes: int
    topics: tuple[dict[str, str], ...]


_IDENTITIES = text("""
    SELECT i.id, h.kind, h.name, i.username, i.blocked_us_at IS NULL AS reachable
      FROM identity i JOIN channel h ON h.id = i.channel_id WHERE i.customer_id = :customer_id ORDER BY i.id LIMIT 20
""")
_PAST = text(f"""
    SELECT e.id, e.number, e.closed_at, h.name AS channel_name, p.name AS owner_name, e.outcome,
           (SELECT coalesce(jsonb_agg(t.names ORDER BY t.position), '[]')
              FROM episode_topic et JOIN topic t ON t.id = et.topic_id WHERE et.episode_id = e.id) AS topics,
           count(e.closed_at) OVER () AS episodes
      FROM episode e JOIN channel h ON h.id = e.channel_id LEFT JOIN person p ON p.id = e.owner_id
     WHERE e.chat_id = :chat_id ORDER BY e.number DESC LIMIT {_SHOWN + 1}
""")  # noqa: S608 - a number of ours


def card(chat: ChatView) -> Card:
    """Two statements; for a chat that `visible.chat` gave."""
    identities = db.session.execute(_IDENTITIES, {"customer_id": chat.customer_id}).all()
    rows = db.session.execute(_PAST, {"chat_id": chat.id}).all()
    return Card(
        identities=tuple(_identity(row) for row in identities),
        past=tuple(_past(row) for row in rows if row.closed_at is not None)[:_SHOWN],
        episodes=rows[0].episodes if rows else 0,
        topics=tuple(topic for row in rows if row.id == chat.episode_id for topic in row.topics),
    )


def _identity(row: Any) -> Identity:
    return Identity(row.kind, row.name, opened(row.username, "identity.username", row.id), row.reachable)


def _past(row: Any) -> Past:
    return Past(row.number, row.topics, row.closed_at, row.channel_name, row.owner_name, row.outcome)
