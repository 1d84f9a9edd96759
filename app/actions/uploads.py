"""Files that an operator attaches: kept sealed, waiting for the message that sends them."""

import logging
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import outgoing
from app.base import crypt, ids
from app.base.filenames import safe_name
from app.base.masks import without_codes
from app.base.refusal import Refusal
from app.base.storage import FileTooLarge, NoRoom, Stored
from app.models.db import db, transaction
from app.queries import files
from app.queries.standing import locked

log = logging.getLogger(__name__)

LARGEST = 20 * 2**20


class FileTooBig(Refusal):
    notice = _l("The file is larger than 20 MB. Send a smaller one, or a link.")
    status = 413


class NoRoomForFiles(Refusal):
    notice = _l("There is no room left for files on the server. Send the text without it, and tell your administrator.")
    status = 507


class FileNotAllowed(Refusal):
    notice = _l("Files of this kind cannot be sent: programs and scripts are dangerous for the client.")
    status = 422


_ALLOWED = ("image", "video", "audio", "voice", "pdf", "document", "archive", "text")
_SENT_AS = {"image": "image", "video": "video", "audio": "audio", "voice": "voice"}

_KEEP = text("""
    INSERT INTO file (id, message_id, chat_id, channel_id, family, name, mime, size, stored_id, state)
    VALUES (:id, :message_id, :chat_id, :channel_id, :family, :name, :mime, :size, :stored_id, 'kept')
""")


def store(stream: BinaryIO, name: str) -> Stored:
    """Seal one file of a kind that may pass, as its content says. Raises FileTooBig, NoRoomForFiles, FileNotAllowed."""
    try:
        stored = files.storage().put(stream, limit=LARGEST, name=name)
    except FileTooLarge:
        raise FileTooBig from None
    except NoRoom:
        log.error("there is no room left for files")
        raise NoRoomForFiles from None
    if stored.kind.family not in _ALLOWED:
        files.storage().delete(stored.id)
        raise FileNotAllowed
    return stored


def family_of(stored: Stored) -> str:
    """As what a channel sends it."""
    return _SENT_AS.get(stored.kind.family, "document")


def keep(chat_id: int, stream: BinaryIO, name: str, now: datetime) -> UUID:
    """Store one file for the composer; its kind is what its content says. Raises FileTooBig, FileNotAllowed."""
    stored = store(stream, name)
    file_id = ids.uuid7(now)
    with transaction():
        standing = locked(chat_id)
        values = {
            "id": file_id,
            "message_id": outgoing.NOBODY,
            "chat_id": chat_id,
            "channel_id": standing.channel_id if standing else 0,
            "family": family_of(stored),
            "name": crypt.seal(without_codes(safe_name(name)), at=("file.name", file_id)),
            "mime": stored.kind.mime,
            "size": stored.size,
            "stored_id": stored.id,
        }
        db.session.execute(_KEEP, values)
    return file_id
