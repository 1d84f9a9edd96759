"""The dialogue as its client sees it: own words, the bank's answers, who joined, when it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text

from app.base.clock import EPOCH, NEVER, business_day
from app.base.crypt import opened
from app.base.masks import masked
from app.base.text import shorten
from app.models.db import db
from app.queries import attached, ratings
from app.queries.bubbles import order
from app.queries.ratings import Rating
from app.queries.thread import read_cursor
from app.queries.widget import Home

LIMIT = 50
_MOST_CHANGED = 100
_QUOTED = 120


@dataclass(frozen=True)
class File:
    id: UUID
    name: str
    mime: str
    size: int | None


@dataclass(frozen=True)
class Word:
    """A bubble. `who` is the operator's public name; `client_id` is the visitor's own mark of it.

    `rating`: it asks for one, and is drawn as a card.
    """

    id: UUID
    identity_id: int
    kind: str
    at: datetime
    text: str
    who: str
    state: str
    edited: bool
    gone: bool
    client_id: str
    quote: str
    files: tuple[File, ...]
    rating: Rating | None = None

    is_event = False

    @property
    def order(self) -> str:
        return order(self.at, self.id)

    @property
    def day(self) -> str:
        return f"{business_day(self.at):%Y%m%d}"


@dataclass(frozen=True)
class Turn:
    """Somebody joined, the dialogue went on elsewhere or here, or it ended."""

    id: UUID
    at: datetime
    verb: str
    who: str

    is_event = True

    @property
    def order(self) -> str:
        return order(self.at, self.id)

    @property
    def day(self) -> str:
        return f"{business_day(self.at):%Y%m%d}"


Item = Word | Turn


@dataclass(frozen=True)
class Page:
    """`before` is the cursor of what is older, None at the beginning. `whole`: nothing changed is left out."""

    items: tuple[Item, ...] = ()
    before: str | None = None
    whole: bool = True


# The one list of what leaves the house; notes and whispers are of other kinds.
_OWN = "m.chat_id = :chat_id AND m.identity_id = :identity_id AND m.kind IN ('client', 'mine', 'bot')"
_COLUMNS = """m.id, m.identity_id, m.kind, m.at, m.text, p.public_name AS who, m.state, m.shape, m.edited_at,
           m.withdrawn_at, m.external_id, m.rev, q.id AS quote_id, q.text AS quote
      FROM message m LEFT JOIN person p ON p.id = m.person_id
           LEFT JOIN message q ON q.id = m.reply_to AND q.identity_id = m.identity_id AND q.withdrawn_at IS NULL
            AND q.kind IN ('client', 'mine', 'bot')"""
_LATEST = text(f"SELECT {_COLUMNS} WHERE {_OWN} ORDER BY m.at DESC, m.id DESC LIMIT :limit")
_BEFORE = text(f"""
    SELECT {_COLUMNS} WHERE {_OWN} AND (m.at, m.id) < (:at, CAST(:id AS uuid))
     ORDER BY m.at DESC, m.id DESC LIMIT :limit
""")
_CHANGED = text(f"SELECT {_COLUMNS} WHERE {_OWN} AND m.rev > :rev ORDER BY m.rev LIMIT :limit")
_ONE = text(f"""
    SELECT {_COLUMNS} JOIN identity i ON i.id = m.identity_id JOIN channel h ON h.id = i.channel_id
     WHERE m.id = :id AND m.chat_id = :chat_id AND m.kind IN ('client', 'mine', 'bot') AND h.kind = 'webchat'
""")
_WHOSE = text("""
    SELECT m.identity_id FROM message m JOIN identity i ON i.id = m.identity_id JOIN channel h ON h.id = i.channel_id
     WHERE m.id = :id AND m.chat_id = :chat_id AND m.kind IN ('client', 'mine', 'bot') AND h.kind = 'webchat'
""")
_FILES = text("""
    SELECT id, message_id, name, mime, size FROM file
     WHERE message_id = ANY(:ids) AND id >= :since AND state = 'kept' ORDER BY id
""")

# Only turns of requests that came from this widget: what happens in the client's Telegram is not told here.
_TOLD = """e.id, e.at, CASE WHEN e.verb <> 'continued' THEN e.verb
           WHEN e.data->>'kind' = 'telegram' THEN 'to_telegram' ELSE 'to_site' END AS verb, t.public_name AS who
      FROM event e LEFT JOIN episode ep ON ep.id = e.episode_id
      LEFT JOIN person t ON t.id = CAST(e.data->>'to' AS bigint)
     WHERE e.chat_id = :chat_id AND (ep.identity_id = :identity_id AND e.verb IN ('taken', 'finished')
        OR ep.identity_id = :identity_id AND e.verb = 'transferred' AND e.data ? 'to'
        OR e.verb = 'continued')"""
_TURNS = text(f"SELECT {_TOLD} AND e.at >= :since AND e.at < :until ORDER BY e.at DESC LIMIT 100")
_TURNS_CHANGED = text(f"SELECT {_TOLD} AND e.rev > :rev ORDER BY e.at DESC LIMIT 100")
_ONE_TURN = text(f"SELECT {_TOLD} AND e.id = :id")


def latest(home: Home | None) -> Page:
    """The newest words and the turns among them."""
    return Page() if home is None else _page(home, _LATEST, {}, NEVER)


def before(home: Home, cursor: str) -> Page:
    """What stands above a cursor. Raises ValueError for one that is none."""
    at, message_id = read_cursor(cursor)
    return _page(home, _BEFORE, {"at": at, "id": message_id}, at)


def changed(home: Home, rev: int) -> Page:
    """What was added or changed after `rev`. Not `whole`: ask for the latest."""
    values = {"chat_id": home.chat_id, "identity_id": home.identity_id, "rev": rev}
    rows = db.session.execute(_CHANGED, {**values, "limit": _MOST_CHANGED + 1}).all()
    # Each visible change has a revision: when words are all of them, nothing else has happened.
    only_words = {row.rev for row in rows}.issuperset(range(rev + 1, home.rev + 1))
    turns = () if only_words else db.session.execute(_TURNS_CHANGED, values).all()
    items = _sorted([*_words(rows[:_MOST_CHANGED]), *map(_turn, turns)])
    return Page(items, whole=len(rows) <= _MOST_CHANGED)


def word(chat_id: int, message_id: UUID) -> Word | None:
    """One word for a push; None when its client has no widget or may not see it."""
    rows = db.session.execute(_ONE, {"chat_id": chat_id, "id": message_id}).all()
    return next(iter(_words(rows)), None)


def whose(chat_id: int, message_id: UUID) -> int | None:
    """The client of a word that his widget may show; None for a word of another channel, and for a note."""
    return db.session.scalar(_WHOSE, {"chat_id": chat_id, "id": message_id})


def turn(home: Home, event_id: UUID) -> Turn | None:
    values = {"chat_id": home.chat_id, "identity_id": home.identity_id, "id": event_id}
    row = db.session.execute(_ONE_TURN, values).one_or_none()
    return None if row is None else _turn(row)


def _page(home: Home, statement: TextClause, values: dict[str, Any], until: datetime) -> Page:
    whose = {"chat_id": home.chat_id, "identity_id": home.identity_id}
    rows = db.session.execute(statement, {**whose, "limit": LIMIT + 1, **values}).all()
    shown, more = rows[:LIMIT], len(rows) > LIMIT
    since = shown[-1].at if more else EPOCH
    turns = db.session.execute(_TURNS, {**whose, "since": since, "until": until})
    before = order(shown[-1].at, shown[-1].id) if more else None
    return Page(_sorted([*_words(shown), *map(_turn, turns)]), before)


def _words(rows: Sequence[Any]) -> list[Word]:
    files = _files([row.id for row in rows])
    asking = ratings.of_messages([row.id for row in rows if row.kind == "bot" and "rating" in row.shape])
    return [_word(row, tuple(files.get(row.id, ())), asking.get(row.id)) for row in rows]


def _word(row: Any, files: tuple[File, ...], rating: Rating | None = None) -> Word:
    gone = row.withdrawn_at is not None
    return Word(
        id=row.id,
        identity_id=row.identity_id,
        kind=row.kind,
        at=row.at,
        text="" if gone else masked(opened(row.text, "message.text", row.id)),
        who=row.who or "",
        state=row.state or "",
        edited=row.edited_at is not None,
        gone=gone,
        client_id=(row.external_id or "") if row.kind == "client" else "",
        quote=shorten(masked(opened(row.quote, "message.text", row.quote_id)), _QUOTED),
        files=() if gone else files,
        rating=rating,
    )


def _turn(row: Any) -> Turn:
    verb = "joined" if row.verb in ("taken", "transferred") else row.verb
    return Turn(row.id, row.at, verb, row.who or "")


def _files(message_ids: list[UUID]) -> dict[UUID, list[File]]:
    found: dict[UUID, list[File]] = {}
    if not message_ids:
        return found
    for row in db.session.execute(_FILES, {"ids": message_ids, "since": attached.oldest(message_ids)}):
        file = File(row.id, opened(row.name, "file.name", row.id), row.mime, row.size)
        found.setdefault(row.message_id, []).append(file)
    return found


def _sorted(items: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: item.order))
