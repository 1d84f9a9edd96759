"""A chat's talk: messages and events in the order (at, id): the newest fifty, older on demand, changed since a rev.

An album comes as messages of their own, in one push or several; wherever one of them is asked for, all are one bubble.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text

from app.base.clock import EPOCH, NEVER, business_day, day_bounds, micros
from app.base.crypt import opened
from app.base.masks import masked
from app.base.text import shorten
from app.models.db import db
from app.queries import attached, held, versions
from app.queries.bubbles import Event, Item, Message, Quote, album, album_of, order

__all__ = ["Event", "Item", "Message", "Page", "Quote", "order"]  # for whoever reads a thread

LIMIT = 50
_MOST_CHANGED = 100
_EVENTS = 200
_QUOTED = 120


@dataclass(frozen=True)
class Page:
    """`before`, `after`: cursors of what is older and newer, None at the ends. `whole`: nothing is left out."""

    items: tuple[Item, ...]
    before: str | None = None
    after: str | None = None
    whole: bool = True


COLUMNS = """m.id, m.chat_id, m.kind, m.at, m.text, p.name AS who, m.state, m.why, m.late, m.edited_at, m.shape,
           m.reply_to, m.person_id, m.withdrawn_at, m.rev, h.kind AS channel_kind
      FROM message m LEFT JOIN person p ON p.id = m.person_id
      LEFT JOIN identity i ON i.id = m.identity_id LEFT JOIN channel h ON h.id = i.channel_id"""
_LATEST = text(f"SELECT {COLUMNS} WHERE m.chat_id = :chat_id ORDER BY m.at DESC, m.id DESC LIMIT :limit")
BEFORE = text(f"""
    SELECT {COLUMNS} WHERE m.chat_id = :chat_id AND (m.at, m.id) < (:at, CAST(:id AS uuid))
     ORDER BY m.at DESC, m.id DESC LIMIT :limit
""")
_CHANGED = text(f"SELECT {COLUMNS} WHERE m.chat_id = :chat_id AND m.rev > :rev ORDER BY m.rev LIMIT :limit")
ONE = text(f"SELECT {COLUMNS} WHERE m.id = :id AND m.chat_id = :chat_id")

_SEVERAL = text(f"SELECT {COLUMNS} WHERE m.id = ANY(:ids) ORDER BY m.at, m.id")

# Parts stand within the same seconds, by the provider's clock.
_ALBUMS = text(f"""
    SELECT {COLUMNS} JOIN unnest(CAST(:chat_ids AS bigint[]), CAST(:albums AS text[]), CAST(:ats AS timestamptz[]))
             AS w (chat_id, album, at)
        ON m.chat_id = w.chat_id AND m.at BETWEEN w.at - interval '1 minute' AND w.at + interval '1 minute'
       AND m.shape->>'album' = w.album
""")

_QUOTES = text("""
    SELECT m.id, m.chat_id, m.kind, m.text, p.name AS who FROM message m LEFT JOIN person p ON p.id = m.person_id
     WHERE m.id = ANY(:ids) AND m.chat_id = ANY(:chat_ids)
""")

_TOLD = """e.id, e.chat_id, e.at, e.verb, p.name AS who, t.name AS "to", g.names AS to_group, e.data FROM event e
      LEFT JOIN person p ON p.id = e.person_id
      LEFT JOIN person t ON t.id = CAST(e.data->>'to' AS bigint)
      LEFT JOIN staff_group g ON g.id = CAST(e.data->>'group' AS bigint)"""
EVENTS_BETWEEN = text(f"""
    SELECT {_TOLD} WHERE e.chat_id = :chat_id AND e.at >= :since AND e.at < :until ORDER BY e.at DESC LIMIT {_EVENTS}
""")
_EVENTS_CHANGED = text(f"""
    SELECT {_TOLD} WHERE e.chat_id = :chat_id AND e.rev > :rev AND e.at > :since ORDER BY e.at DESC LIMIT {_EVENTS}
""")
_ONE_EVENT = text(f"SELECT {_TOLD} WHERE e.id = :id AND e.chat_id = :chat_id")

_FIRST_OF_DAY = text("""
    SELECT o.id FROM unnest(CAST(:ids AS uuid[]), CAST(:chat_ids AS bigint[]), CAST(:ats AS timestamptz[]),
                            CAST(:starts AS timestamptz[])) AS o (id, chat_id, at, start)
     WHERE NOT EXISTS (SELECT 1 FROM message m
                        WHERE m.chat_id = o.chat_id AND m.at >= o.start AND (m.at, m.id) < (o.at, o.id))
       AND NOT EXISTS (SELECT 1 FROM event e
                        WHERE e.chat_id = o.chat_id AND e.at >= o.start AND e.at < o.at AND e.id <> o.id)
""")


def latest(chat_id: int, limit: int = LIMIT) -> Page:
    """The newest messages, with the events among and after them."""
    return _page(chat_id, _LATEST, {}, limit, NEVER)


def before(chat_id: int, cursor: str, limit: int = LIMIT) -> Page:
    """What stands above a cursor. Raises ValueError for one that is none."""
    at, message_id = read_cursor(cursor)
    return _page(chat_id, BEFORE, {"at": at, "id": message_id}, limit, at)


def changed_since(chat_id: int, rev: int, since: datetime) -> Page:
    """What was added or changed after `rev`; events are looked for from `since` on. Not `whole`: ask for the latest."""
    values = {"chat_id": chat_id, "rev": rev}
    rows = db.session.execute(_CHANGED, {**values, "limit": _MOST_CHANGED + 1}).all()
    events = db.session.execute(_EVENTS_CHANGED, {**values, "since": since})
    items: list[Item] = [*messages(rows[:_MOST_CHANGED]), *map(event_of, events)]
    return Page(in_order(items), whole=len(rows) <= _MOST_CHANGED)


def message(chat_id: int, message_id: UUID) -> Message | None:
    """One message, for a push."""
    rows = db.session.execute(ONE, {"chat_id": chat_id, "id": message_id}).all()
    return next(iter(messages(rows)), None)


def several(message_ids: Sequence[UUID]) -> list[Message]:
    """Messages of whatever chats, oldest first, for pushes."""
    return messages(db.session.execute(_SEVERAL, {"ids": list(message_ids)}).all())


def event(chat_id: int, event_id: UUID) -> Event | None:
    row = db.session.execute(_ONE_EVENT, {"chat_id": chat_id, "id": event_id}).one_or_none()
    return None if row is None else event_of(row)


def rev(chat_id: int) -> int:
    """The number of the chat's latest visible change."""
    return int(db.session.scalar(text("SELECT rev FROM chat WHERE id = :id"), {"id": chat_id}) or 0)


def opens_day(item: Item) -> bool:
    """Whether it is the first of its day in the chat: then the day's line comes before it."""
    return item.id in openers([item])


def openers(items: Sequence[Item]) -> set[UUID]:
    """Those among them that open their day."""
    values = {
        "ids": [item.id for item in items],
        "chat_ids": [item.chat_id for item in items],
        "ats": [item.at for item in items],
        "starts": [day_bounds(business_day(item.at))[0] for item in items],
    }
    return set(db.session.scalars(_FIRST_OF_DAY, values))


def day_order(at: datetime) -> str:
    """Where the line of a day stands: above everything of that day."""
    return f"{micros(day_bounds(business_day(at))[0]):016d}"


def _page(chat_id: int, statement: TextClause, values: dict[str, Any], limit: int, until: datetime) -> Page:
    rows = db.session.execute(statement, {"chat_id": chat_id, "limit": limit + 1, **values}).all()
    shown, more = rows[:limit], len(rows) > limit
    since = shown[-1].at if more else EPOCH
    events = db.session.execute(EVENTS_BETWEEN, {"chat_id": chat_id, "since": since, "until": until})
    items = in_order((*messages(shown), *map(event_of, events)))
    return Page(items, before=order(shown[-1].at, shown[-1].id) if more else None)


def messages(rows: Sequence[Any]) -> list[Message]:
    """The bubbles of these rows; an album's is whole even when only one of its parts was among them."""
    parts: dict[tuple[int, str], list[Message]] = {}
    for one in _messages(_with_albums(rows)):
        parts.setdefault((one.chat_id, one.mark), []).append(one)
    return [album(several) if several[0].album else several[0] for several in parts.values()]


def _with_albums(rows: Sequence[Any]) -> Sequence[Any]:
    """These rows and the other parts of their albums."""
    albums = {(row.chat_id, name): row.at for row in rows if (name := album_of(row.shape))}
    if not albums:
        return rows
    values = {"chat_ids": [chat_id for chat_id, _ in albums], "albums": [album for _, album in albums]}
    more = db.session.execute(_ALBUMS, {**values, "ats": list(albums.values())})
    return list({row.id: row for row in (*rows, *more)}.values())


def _messages(rows: Sequence[Any]) -> list[Message]:
    waiting = held.until([row.id for row in rows if row.kind == "mine" and row.state == "queued"])
    files, quotes = attached.of([row.id for row in rows]), _quotes(rows)
    earlier = versions.of([row.id for row in rows if row.edited_at is not None])
    whole = {row.id: opened(row.text, "message.text", row.id) for row in rows}
    shown = {row_id: masked(said) for row_id, said in whole.items()}
    return [
        Message(
            id=row.id,
            chat_id=row.chat_id,
            kind=row.kind,
            at=row.at,
            text=shown[row.id],
            who=row.who,
            state=row.state,
            why=row.why,
            late=row.late,
            edited=row.edited_at is not None,
            shape=row.shape,
            quote=quotes.get((row.chat_id, row.reply_to)),
            files=tuple(files.get(row.id, ())),
            by=row.person_id,
            withdrawn=row.withdrawn_at is not None,
            may_edit=bool(row.text) and versions.changeable(row, "edits"),
            may_take_back=versions.changeable(row, "deletes"),
            earlier=tuple(earlier.get(row.id, ())),
            hidden=shown[row.id] != whole[row.id],
            undo_until=waiting.get(row.id),
            rev=row.rev,
        )
        for row in rows
    ]


def _quotes(rows: Sequence[Any]) -> dict[tuple[int, UUID], Quote]:
    """By chat and message: a quote from another chat is none."""
    quoting = [row for row in rows if row.reply_to]
    if not quoting:
        return {}
    values = {"ids": [row.reply_to for row in quoting], "chat_ids": [row.chat_id for row in quoting]}
    return {
        (row.chat_id, row.id): Quote(
            row.id, row.who, row.kind, shorten(masked(opened(row.text, "message.text", row.id)), _QUOTED)
        )
        for row in db.session.execute(_QUOTES, values)
    }


def event_of(row: Any) -> Event:
    return Event(row.id, row.chat_id, row.at, row.verb, row.who, row.to, row.to_group, row.data)


def in_order(items: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: (item.at, item.id)))


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Raises ValueError for what is no cursor."""
    since, _, item_id = cursor.partition("-")
    if not (since.isascii() and since.isdigit()) or len(since) > 17:
        raise ValueError(cursor)
    return EPOCH + timedelta(microseconds=int(since)), UUID(item_id)
