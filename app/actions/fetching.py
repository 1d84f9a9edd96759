"""Fetch the files that clients sent: sniffed, sealed, kept; a refusal is said in the thread."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.base import crypt, wakeups
from app.base.filenames import safe_name
from app.base.later import later
from app.base.masks import without_codes
from app.base.storage import FileTooLarge, NoRoom, Stored
from app.channels import registry
from app.channels.contract import Later, Never
from app.live import push
from app.models.db import db, transaction
from app.queries import channels, files

log = logging.getLogger(__name__)

LARGEST = 20 * 2**20
# A quarter of an hour between the later ones: about three days.
_MOST_TRIES = 300
_LONGEST_PAUSE = 900.0
_FOR_CHANNEL = 60.0
_BATCH = 20

# A claimed file is nobody else's for ten minutes; a killed worker's comes back by itself.
_CLAIM = text("""
    UPDATE file SET tries = tries + 1, next_at = CAST(:now AS timestamptz) + interval '10 minutes'
     WHERE id IN (SELECT id FROM file WHERE state = 'waiting' AND next_at <= :now ORDER BY next_at LIMIT :most
                     FOR UPDATE SKIP LOCKED)
    RETURNING id, message_id, chat_id, channel_id, family, name, ref, tries
""")
_KEPT = text("""
    UPDATE file SET state = 'kept', stored_id = :stored_id, size = :size, mime = :mime, name = :name WHERE id = :id
""")
_REFUSED = text("UPDATE file SET state = 'refused', why = :why WHERE id = :id")
_LATER = text("UPDATE file SET next_at = :at WHERE id = :id")
# Our full disk is not the file's fault: it waits for room as long as it takes.
_FOR_ROOM = text("UPDATE file SET next_at = :at, tries = tries - 1 WHERE id = :id")
_ROOM_PAUSE = timedelta(seconds=30)
_REV = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :chat_id RETURNING rev)
    UPDATE message SET rev = bumped.rev FROM bumped WHERE message.id = :message_id
""")


def fetch(now: datetime) -> int:
    """Fetch what waits, at most twenty; rings again when there may be more. Returns how many were settled."""
    with transaction():
        rows = db.session.execute(_CLAIM, {"now": now, "most": _BATCH}).all()
    for row in rows:
        _fetch_one(row, now)
    if len(rows) == _BATCH:
        later(wakeups.FETCH_FILES)
    return len(rows)


def _fetch_one(row: Any, now: datetime) -> None:
    channel = channels.one(row.channel_id)
    account = channels.account_of(channel) if channel else None
    db.session.remove()
    if account is None:
        return _settle(row, "channel")
    try:
        found = registry.channel(account.kind).fetch_file(
            account, crypt.open_sealed(row.ref, ("file.ref", row.id)), LARGEST
        )
        if isinstance(found, Never) and found.whole_account:  # somebody will mend the channel, the file stays there
            return _postpone(row, _FOR_CHANNEL, now)
        if isinstance(found, Never):
            return _settle(row, found.reason.value)
        if isinstance(found, Later):
            return _postpone(row, found.seconds, now)
        own = crypt.open_sealed(row.name, ("file.name", row.id))
        name = without_codes(safe_name(own or found.name))
        stored = files.storage().put(_Stream(found.chunks), limit=LARGEST, name=name)
    except FileTooLarge:
        return _settle(row, "too_big")
    except NoRoom:
        log.error("there is no room left for files: %s waits", row.id)
        with transaction():
            db.session.execute(_FOR_ROOM, {"id": row.id, "at": now + _ROOM_PAUSE})
        return None
    except Exception as error:
        log.warning("file %s was not fetched: %s", row.id, type(error).__name__)
        return _postpone(row, 30, now)
    _settle(row, "", stored, name)


def _postpone(row: Any, seconds: float, now: datetime) -> None:
    if row.tries >= _MOST_TRIES:
        return _settle(row, "unreachable")
    pause = max(seconds, min(5 * 2.0**row.tries, _LONGEST_PAUSE))
    with transaction():
        db.session.execute(_LATER, {"id": row.id, "at": now + timedelta(seconds=pause)})


def _settle(row: Any, why: str, stored: Stored | None = None, name: str = "") -> None:
    with transaction() as tx:
        if stored is not None:
            sealed = crypt.seal(name, at=("file.name", row.id))
            values = {"stored_id": stored.id, "size": stored.size, "mime": stored.kind.mime, "name": sealed}
            db.session.execute(_KEPT, {"id": row.id, **values})
        else:
            db.session.execute(_REFUSED, {"id": row.id, "why": why})
        db.session.execute(_REV, {"chat_id": row.chat_id, "message_id": row.message_id})
        tx.after(push.message_changed, row.chat_id, row.message_id)


class _Stream:
    """Pieces from the network, read as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, b""

    def read(self, size: int, /) -> bytes:
        while len(self._rest) < size and (chunk := next(self._chunks, b"")):
            self._rest += chunk
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken
