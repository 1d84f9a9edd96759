"""Finding an open chat by its client: names are sealed, so those within reach are opened and compared."""

from sqlalchemy import text

from app.base.crypt import opened
from app.base.fold import fold
from app.models.db import db
from app.models.viewer import Viewer
from app.queries import customers
from app.queries.visible import reach

MOST = 300
OWN = "s.owner_id = :me"
TAKEABLE = "s.stage = 'queue' AND :takes AND (:take_all OR s.group_id IS NULL OR s.group_id = ANY(:take_groups))"

_NAMES = text(f"""
    WITH w AS MATERIALIZED (
      SELECT s.chat_id FROM standing s WHERE {OWN} OR ({TAKEABLE})
       ORDER BY s.owner_id IS NULL, s.waits_since NULLS LAST, s.last_at LIMIT {MOST}
    )
    SELECT w.chat_id, c.customer_id, k.name
      FROM w JOIN chat c ON c.id = w.chat_id JOIN customer k ON k.id = c.customer_id
""")  # noqa: S608 - our own words


def within_reach(viewer: Viewer, words: str) -> list[int]:
    """One's own chats and the head of the queue whose client's name, number or phone has the words.

    Three hundred are read.
    """
    phoned = customers.with_phone(words)
    return [
        row.chat_id
        for row in db.session.execute(_NAMES, reach(viewer))
        if row.customer_id in phoned or named(opened(row.name, "customer.name", row.customer_id), row.chat_id, words)
    ]


def named(name: str, chat_id: int, words: str) -> bool:
    """Whether each word begins a word of the name, in either script, or is in the number of the chat."""
    parts, asked = fold(name).split(), fold(words).split()
    if not asked:
        return not words
    return all(any(part.startswith(word) for part in parts) or word in str(chat_id) for word in asked)
