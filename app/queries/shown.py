"""Which messages their chats show: the thread reads them, their seals open, and somebody can open the chat."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from app.base import crypt
from app.models.db import db
from app.queries import thread

# The same joins as of a chat's page: the client, the one he was joined with, the episode.
_REACHED = text("""
    SELECT m.id FROM message m
      JOIN chat c ON c.id = m.chat_id JOIN customer k ON k.id = c.customer_id
      JOIN chat r ON r.customer_id = coalesce(k.merged_into, k.id)
      JOIN episode e ON e.id = m.episode_id
     WHERE m.id = ANY(:ids)
""")


def among(ids: Sequence[UUID]) -> set[UUID]:
    """Those of these that are shown."""
    reached = list(db.session.scalars(_REACHED, {"ids": list(ids)}))
    try:
        return {one.id for one in thread.several(reached)}
    except (crypt.SealBroken, crypt.KeyUnknown):
        return {one for one in reached if _opens(one)}


def _opens(message_id: UUID) -> bool:
    try:
        return bool(thread.several([message_id]))
    except (crypt.SealBroken, crypt.KeyUnknown):
        return False
