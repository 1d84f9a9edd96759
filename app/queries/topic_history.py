"""What chats were about: one client's history and everybody's, under the names of then or of today (clause 9.5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.base.crypt import opened
from app.models.db import db
from app.models.viewer import AnyViewer
from app.queries import topics
from app.queries.visible import REACH, reach

WINDOW = 50
OUTCOMES = ("solved", "not_solved", "spam", "none")
# What a page may be sorted by; the first is the usual one.
SORTS = {
    "new": "e.closed_at DESC, e.id DESC, t.id",
    "old": "e.closed_at, e.id, t.id",
    "operator": "p.name NULLS LAST, e.closed_at DESC, e.id DESC, t.id",
    "topic": "coalesce(t.names->>:locale, t.names->>'ru') NULLS LAST, t.id, e.closed_at DESC, e.id DESC",
}
_ASKED = """
      FROM episode e JOIN chat c ON c.id = e.chat_id JOIN customer k ON k.id = c.customer_id
      JOIN channel h ON h.id = e.channel_id LEFT JOIN standing s ON s.episode_id = e.id
      LEFT JOIN person p ON p.id = e.owner_id
      LEFT JOIN episode_topic et ON et.episode_id = e.id LEFT JOIN topic t ON t.id = et.topic_id
     WHERE e.closed_at IS NOT NULL
       AND (CAST(:chat_ids AS bigint[]) IS NULL OR e.chat_id = ANY(CAST(:chat_ids AS bigint[])))
       AND (CAST(:since AS timestamptz) IS NULL OR e.closed_at >= :since)
       AND (CAST(:until AS timestamptz) IS NULL OR e.closed_at < :until)
       AND (CAST(:branch AS bigint[]) IS NULL OR t.id = ANY(CAST(:branch AS bigint[])))
       AND (CAST(:owner_id AS bigint) IS NULL OR e.owner_id = :owner_id)
       AND (CAST(:outcome AS text) IS NULL OR coalesce(e.outcome, 'none') = :outcome)
"""
# The chats of one person, also those of customers merged into the same one.
_FAMILY = text("""
    SELECT c.id FROM chat c JOIN customer k ON k.id = c.customer_id
      JOIN (SELECT coalesce(r.merged_into, r.id) AS id FROM chat a JOIN customer r ON r.id = a.customer_id
             WHERE a.id = :chat_id) root ON k.id = root.id OR k.merged_into = root.id
""")
_PAGE = {
    sort: text(f"""
        SELECT e.chat_id, e.number, e.closed_at, e.outcome, t.id AS topic_id, c.customer_id, k.name,
               h.name AS channel_name, p.name AS owner_name
        {_ASKED} AND {REACH} ORDER BY {order} LIMIT {WINDOW + 1} OFFSET :offset
    """)
    for sort, order in SORTS.items()
}


@dataclass(frozen=True)
class Wish:
    """What of the history is asked for; `today` shows every topic where it stands now."""

    since: datetime | None = None
    until: datetime | None = None
    branch_id: int | None = None
    owner_id: int | None = None
    outcome: str = ""
    sort: str = "new"
    today: bool = False
    page: int = 1


@dataclass(frozen=True)
class Row:
    """A topic of a finished chat; `path` is empty where none was named."""

    chat_id: int
    number: int
    closed_at: datetime
    outcome: str | None
    path: str
    name: str
    channel_name: str
    owner_name: str | None


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    more: bool


def history(viewer: AnyViewer, wish: Wish, locale: str, chat_id: int | None = None) -> Page:
    """One page of the topics of finished chats that the viewer may see; a chat of two topics stands there twice."""
    values = {
        "chat_ids": list(db.session.scalars(_FAMILY, {"chat_id": chat_id})) if chat_id else None,
        "since": wish.since,
        "until": wish.until,
        "branch": topics.branch(wish.branch_id) if wish.branch_id else None,
        "owner_id": wish.owner_id,
        "outcome": wish.outcome or None,
        "locale": locale,
        "offset": WINDOW * (wish.page - 1),
        **reach(viewer),
    }
    return _page(wish, db.session.execute(_PAGE[wish.sort], values).all())


def of_chat(chat_id: int, viewer: AnyViewer, locale: str) -> list[Row]:
    """The newest topics of one client's chats, for a chat that `visible.chat` gave."""
    return history(viewer, Wish(), locale, chat_id).rows


def _page(wish: Wish, found: Any) -> Page:
    shown = found[:WINDOW]
    then = topics.paths((row.topic_id, row.closed_at) for row in shown if row.topic_id)
    today = topics.today(row.topic_id for row in shown if row.topic_id) if wish.today else {}

    def path(row: Any) -> str:
        return topics.said(today.get(row.topic_id, []) if wish.today else then.get((row.topic_id, row.closed_at), []))

    rows = [
        Row(
            row.chat_id,
            row.number,
            row.closed_at,
            row.outcome,
            path(row),
            opened(row.name, "customer.name", row.customer_id),
            row.channel_name,
            row.owner_name,
        )
        for row in shown
    ]
    return Page(rows, len(found) > WINDOW)
