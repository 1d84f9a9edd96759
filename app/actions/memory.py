"""The desk's memory: keyed tokens of what was said and of names, so that sealed text can be found (clause 8.4).

Nothing on the road knows of it. Each run looks for messages that have no words yet, from a little before the last it
knows, because transactions commit out of their order; once a minute it looks further back. When there is nothing new,
it goes on with what is to be written anew, newest first.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.base import crypt, wakeups
from app.base.later import later
from app.base.tokens import message_tokens, search_tokens
from app.models.db import db, transaction

MOST = 200
_OVERLAP = timedelta(minutes=1)
_SWEEP_EVERY, _SWEEP_BACK = timedelta(minutes=1), timedelta(hours=1)
_MILLISECOND = timedelta(milliseconds=1)

# Whoever comes second finds nothing to do: the first is at it.
_CLAIM = text("SELECT message_id, swept_at, changed_at, again FROM words_mark WHERE id = 1 FOR UPDATE SKIP LOCKED")
_MARK = text("""
    UPDATE words_mark SET message_id = greatest(message_id, :last), swept_at = :swept_at, changed_at = :now WHERE id = 1
""")
_WORDLESS = text("""
    SELECT m.id, m.chat_id, m.text FROM message m
     WHERE m.id > :after
       AND NOT EXISTS (SELECT 1 FROM message_words w WHERE w.message_id = m.id AND w.message_id > :after)
     ORDER BY m.id LIMIT :most
""")
_CHANGED = text("""
    SELECT id, chat_id, text FROM message WHERE edited_at >= :since OR withdrawn_at >= :since
""")
_BELOW = text("SELECT id, chat_id, text FROM message WHERE id < :again ORDER BY id DESC LIMIT :most")
_KEEP = text("""
    INSERT INTO message_words (message_id, chat_id, words) VALUES (:id, :chat_id, :words)
    ON CONFLICT (message_id) DO UPDATE SET words = excluded.words WHERE message_words.words <> excluded.words
""")
_NAMELESS = text("""
    SELECT k.id, k.name FROM customer k WHERE k.words IS NULL ORDER BY k.id LIMIT :most FOR NO KEY UPDATE SKIP LOCKED
""")
_IDENTITIES = text("SELECT id, customer_id, name, username FROM identity WHERE customer_id = ANY(:ids)")
_NAME = text("UPDATE customer SET words = :words WHERE id = :id")
_AGAIN = text("UPDATE words_mark SET again = :again")
_NEWEST = UUID(int=2**128 - 1)


def keep_words(now: datetime) -> int:
    """Write the words of at most two hundred messages and names; rings again while there may be more. How many."""
    with transaction() as tx:
        mark = db.session.execute(_CLAIM).one_or_none()
        if mark is None:
            return 0
        sweeps = now - mark.swept_at >= _SWEEP_EVERY
        back = _SWEEP_BACK if sweeps else _OVERLAP
        new = db.session.execute(_WORDLESS, {"after": _before(mark.message_id, back), "most": MOST}).all()
        changed = db.session.execute(_CHANGED, {"since": mark.changed_at - back}).all()
        _keep([*new, *changed])
        named = _keep_names()
        full = len(new) == MOST or named == MOST
        _move(mark, new, now if sweeps and not full else mark.swept_at, now)
        again = 0 if full or mark.again is None else _write_again(mark.again)
        if full or again == MOST:
            tx.after(later, wakeups.KEEP_WORDS)
    return len(new) + len(changed) + named + again


def begin_again() -> None:
    """Let the next runs write the words of every message anew: after a restore, or when rows came from outside."""
    with transaction() as tx:
        db.session.execute(_AGAIN, {"again": _NEWEST})
        tx.after(later, wakeups.KEEP_WORDS)


def words_of(said: str) -> list[int]:
    """The tokens of one message, for whoever writes rows in bulk."""
    return message_tokens(said)


def _write_again(below: UUID) -> int:
    """Words of the newest messages below, whatever stands there; they are searched by the old ones until then."""
    rows = db.session.execute(_BELOW, {"again": below, "most": MOST}).all()
    _keep(rows)
    db.session.execute(_AGAIN, {"again": rows[-1].id if len(rows) == MOST else None})
    return len(rows)


def _keep(rows: Sequence[Any]) -> None:
    values = [
        {"id": row.id, "chat_id": row.chat_id, "words": message_tokens(_said(row))}
        for row in sorted({row.id: row for row in rows}.values(), key=lambda row: row.id)
    ]
    if values:
        db.session.execute(_KEEP, values)


def _said(row: Any) -> str:
    return crypt.open_sealed(row.text, ("message.text", row.id))


def _keep_names() -> int:
    """The words of customers' names, and of how their channels call them."""
    rows = db.session.execute(_NAMELESS, {"most": MOST}).all()
    names: dict[int, list[str]] = {row.id: [crypt.opened(row.name, "customer.name", row.id)] for row in rows}
    if not names:
        return 0
    for row in db.session.execute(_IDENTITIES, {"ids": list(names)}):
        names[row.customer_id] += [crypt.opened(row.name, "identity.name", row.id)]
        names[row.customer_id] += [crypt.opened(row.username, "identity.username", row.id)]
    for customer_id, called in names.items():
        db.session.execute(_NAME, {"id": customer_id, "words": search_tokens(" ".join(called))})
    return len(rows)


def _move(mark: Any, new: Sequence[Any], swept_at: datetime, now: datetime) -> None:
    last = new[-1].id if new else mark.message_id
    db.session.execute(_MARK, {"last": last, "swept_at": swept_at, "now": now})


def _before(message_id: UUID, back: timedelta) -> UUID:
    """The smallest id of the moment that lies so far before."""
    return UUID(int=max(0, (message_id.int >> 80) - back // _MILLISECOND) << 80)
