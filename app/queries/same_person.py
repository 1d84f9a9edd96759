"""Who else may be the client of this chat: found by number, phone or name within the viewer's reach."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from app.base.crypt import opened
from app.base.numbers import whole
from app.base.tokens import query_tokens
from app.models.db import db
from app.models.viewer import AnyViewer
from app.queries import customers
from app.queries.visible import REACH, ChatView, reach


@dataclass(frozen=True)
class Candidate:
    """Another client's chat. `phone`: the phone asked for, or one of this client's, is that one's too."""

    chat_id: int
    name: str
    channel_name: str
    open: bool
    phone: bool


_FOUND = text(f"""
    SELECT c.id, c.customer_id, k.name, h.name AS channel_name, s.chat_id IS NOT NULL AS open,
           k.id = ANY(:phoned) AS phone
      FROM customer k JOIN chat c ON c.customer_id = k.id
      JOIN LATERAL (SELECT * FROM episode WHERE chat_id = c.id ORDER BY number DESC LIMIT 1) e ON true
      JOIN identity i ON i.id = e.identity_id JOIN channel h ON h.id = i.channel_id
      LEFT JOIN standing s ON s.chat_id = c.id
     WHERE k.merged_into IS NULL AND c.id <> :but AND {REACH}
       AND (k.id = ANY(:phoned) OR c.id = :number OR :named AND k.words @> CAST(:words AS int[]))
     ORDER BY k.id = ANY(:phoned) DESC, e.arrived_at DESC LIMIT 10
""")  # noqa: S608 - our own words
_PHONES = text("""
    SELECT DISTINCT coalesce(k.merged_into, k.id) FROM customer_phone f JOIN customer k ON k.id = f.customer_id
     WHERE f.removed_at IS NULL AND f.whole IN (
       SELECT m.whole FROM customer_phone m JOIN customer o ON o.id = m.customer_id
        WHERE m.removed_at IS NULL AND coalesce(o.merged_into, o.id) = :id)
""")


def likely(viewer: AnyViewer, chat: ChatView) -> list[Candidate]:
    """Those with one of this client's phones."""
    return _found(viewer, chat, set(db.session.scalars(_PHONES, {"id": chat.customer_id})), None, [])


def found(viewer: AnyViewer, words: str, chat: ChatView) -> list[Candidate]:
    """Those with this number, phone or name."""
    return _found(viewer, chat, customers.with_phone(words), whole(words), query_tokens(words))


def _found(
    viewer: AnyViewer, chat: ChatView, phoned: Collection[int], number: int | None, words: list[int]
) -> list[Candidate]:
    values: dict[str, Any] = {"phoned": list(phoned), "number": number, "words": words, "named": bool(words)}
    rows = db.session.execute(_FOUND, {**values, "but": chat.id, **reach(viewer)})
    return [_candidate(row) for row in rows]


def _candidate(row: Any) -> Candidate:
    name = opened(row.name, "customer.name", row.customer_id)
    return Candidate(row.id, name, row.channel_name, row.open, row.phone)
