"""The lists of the desk: mine, the queue, the closed. Who waits for us longest stands first.

A list costs the same with a hundred open chats or ten thousand: fifty rows by an index, and one statement of counts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, text

from app.base.masks import masked
from app.base.text import shorten
from app.models.db import db
from app.models.viewer import Viewer
from app.queries.visible import REACH, opened, reach

WINDOW = 50
_SAID = 70
_MOST_COUNTED = 1000


@dataclass(frozen=True)
class Row:
    """A chat in a list. `said` is the last word, masked and shortened; `order` is what the browser sorts by."""

    chat_id: int
    name: str
    channel_kind: str
    channel_name: str
    owner_id: int | None
    owner_locale: str | None
    group_id: int | None
    segment_names: dict[str, str] | None
    waits_since: datetime | None
    awaits_since: datetime | None
    closed_at: datetime | None
    outcome: str | None
    unread: int
    trouble: bool
    draft: str
    said: str
    said_by: str
    order: str

    @property
    def tab(self) -> str:
        return "closed" if self.closed_at else "mine" if self.owner_id else "queue"


@dataclass(frozen=True)
class Counts:
    mine: int
    queue: int


# The window is chosen first, by the index; names and last words are then read for its rows only.
_OPEN = """
    WITH w AS MATERIALIZED (
      SELECT * FROM standing s WHERE {where} ORDER BY waits_since NULLS LAST, last_at LIMIT {limit}
    )
    SELECT s.chat_id, c.customer_id, k.name, h.kind AS channel_kind, h.name AS channel_name, s.owner_id,
           p.locale AS owner_locale, s.group_id, sg.names AS segment_names, s.waits_since, s.awaits_since,
           s.last_at, s.unread, s.trouble, d.text AS draft, m.id AS message_id, m.text, m.kind AS said_by,
           m.person_id AS said_by_id
      FROM w s
      JOIN chat c ON c.id = s.chat_id
      JOIN customer k ON k.id = c.customer_id
      JOIN identity i ON i.id = s.identity_id
      JOIN channel h ON h.id = i.channel_id
      LEFT JOIN person p ON p.id = s.owner_id
      LEFT JOIN segment sg ON sg.id = k.segment_id
      LEFT JOIN draft d ON d.chat_id = s.chat_id AND d.person_id = s.owner_id
      LEFT JOIN LATERAL (SELECT id, text, kind, person_id FROM message WHERE id = s.last_id LIMIT 1) m ON true
     ORDER BY s.waits_since NULLS LAST, s.last_at
"""
_TAKEABLE = "s.stage = 'queue' AND :takes AND (:take_all OR s.group_id IS NULL OR s.group_id = ANY(:take_groups))"

_MINE = text(_OPEN.format(where="s.owner_id = :me", limit=WINDOW))
_QUEUE = text(_OPEN.format(where=_TAKEABLE, limit=WINDOW))
_ONE = text(_OPEN.format(where="s.chat_id = :chat_id", limit=1))
_SEVERAL = text(_OPEN.format(where="s.chat_id = ANY(:chat_ids)", limit="ALL"))

_CLOSED = text(f"""
    SELECT e.chat_id, c.customer_id, k.name, h.kind AS channel_kind, h.name AS channel_name, e.owner_id, e.group_id,
           sg.names AS segment_names, e.closed_at, e.outcome
      FROM episode e
      JOIN chat c ON c.id = e.chat_id
      JOIN customer k ON k.id = c.customer_id
      JOIN identity i ON i.id = e.identity_id
      JOIN channel h ON h.id = i.channel_id
      LEFT JOIN standing s ON s.chat_id = e.chat_id
      LEFT JOIN segment sg ON sg.id = coalesce(e.segment_id, k.segment_id)
     WHERE e.owner_id = :me AND e.closed_at IS NOT NULL
       AND (CAST(:before AS timestamptz) IS NULL OR e.closed_at < :before)
       AND s.chat_id IS NULL AND {REACH}
       AND NOT EXISTS (SELECT 1 FROM episode n WHERE n.chat_id = e.chat_id AND n.number > e.number)
     ORDER BY e.closed_at DESC LIMIT {WINDOW}
""")  # noqa: S608 - our own words

_COUNTS = text(f"""
    SELECT (SELECT count(*) FROM standing s WHERE s.owner_id = :me) AS mine,
           (SELECT count(*) FROM (SELECT 1 FROM standing s WHERE {_TAKEABLE} LIMIT {_MOST_COUNTED}) q) AS queue
""")  # noqa: S608 - our own words

_DIGEST = """
    SELECT md5(coalesce(string_agg(concat_ws(' ', chat_id, waits_since, awaits_since, unread, trouble, last_at), ','
                                   ORDER BY waits_since NULLS LAST, last_at, chat_id), ''))
      FROM (SELECT * FROM standing s WHERE {where} ORDER BY waits_since NULLS LAST, last_at LIMIT {limit}) w
"""
_DIGESTS = {
    "mine": text(_DIGEST.format(where="s.owner_id = :me", limit=WINDOW)),
    "queue": text(_DIGEST.format(where=_TAKEABLE, limit=WINDOW)),
}


def mine(viewer: Viewer) -> list[Row]:
    """The viewer's open chats."""
    return _open(_MINE, reach(viewer))


def queue(viewer: Viewer) -> list[Row]:
    """Waiting chats that the viewer may take."""
    return _open(_QUEUE, reach(viewer))


def closed(viewer: Viewer, before: datetime | None = None) -> list[Row]:
    """Chats the viewer finished last and nobody has opened since, newest first."""
    found = db.session.execute(_CLOSED, {"before": before, **reach(viewer)})
    return [_closed(row) for row in found]


def counts(viewer: Viewer) -> Counts:
    """How many stand in each list; the queue is counted to a thousand."""
    row = db.session.execute(_COUNTS, reach(viewer)).one()
    return Counts(row.mine, row.queue)


def digest(viewer: Viewer, tab: str) -> str:
    """A few letters that differ when the list's window does; "" for a list that pushes do not change."""
    return str(db.session.scalar(_DIGESTS[tab], reach(viewer))) if tab in _DIGESTS else ""


def row(chat_id: int) -> Row | None:
    """An open chat as its list shows it; None when it is closed. For pushes: asks on nobody's behalf."""
    found = _open(_ONE, {"chat_id": chat_id})
    return found[0] if found else None


def rows(chat_ids: Collection[int]) -> list[Row]:
    """The open ones among these chats; see `row`."""
    return _open(_SEVERAL, {"chat_ids": list(chat_ids)})


def _open(statement: TextClause, values: dict[str, Any]) -> list[Row]:
    return [_standing(row) for row in db.session.execute(statement, values)]


def _standing(row: Any) -> Row:
    said_by = "owner" if row.said_by == "mine" and row.said_by_id == row.owner_id else row.said_by or ""
    return Row(
        chat_id=row.chat_id,
        name=opened(row.name, "customer.name", row.customer_id),
        channel_kind=row.channel_kind,
        channel_name=row.channel_name,
        owner_id=row.owner_id,
        owner_locale=row.owner_locale,
        group_id=row.group_id,
        segment_names=row.segment_names,
        waits_since=row.waits_since,
        awaits_since=row.awaits_since,
        closed_at=None,
        outcome=None,
        unread=row.unread,
        trouble=row.trouble,
        draft=_short(opened(row.draft, "draft.text", f"{row.chat_id}:{row.owner_id}")),
        said=_short(opened(row.text, "message.text", row.message_id)),
        said_by=said_by,
        order=_order(row.waits_since, row.last_at, row.chat_id),
    )


def _closed(row: Any) -> Row:
    return Row(
        chat_id=row.chat_id,
        name=opened(row.name, "customer.name", row.customer_id),
        channel_kind=row.channel_kind,
        channel_name=row.channel_name,
        owner_id=row.owner_id,
        owner_locale=None,
        group_id=row.group_id,
        segment_names=row.segment_names,
        waits_since=None,
        awaits_since=None,
        closed_at=row.closed_at,
        outcome=row.outcome,
        unread=0,
        trouble=False,
        draft="",
        said="",
        said_by="",
        order=f"{10**17 - _micros(row.closed_at):017d}",
    )


def _order(waits_since: datetime | None, last_at: datetime, chat_id: int) -> str:
    """Sorts as the statement does: whoever waits for us, the longest first; then whom we wait for."""
    return f"{int(waits_since is None)}{_micros(waits_since or last_at):016d}{chat_id}"


def _micros(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def _short(said: str) -> str:
    # A long text is cut before it is masked: what is far behind the window cannot be shown anyway.
    return shorten(masked(said[: 4 * _SAID]), _SAID) if said else ""
