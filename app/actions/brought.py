"""The files that a client's message brings: each a row at once, fetched from its provider afterwards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import text

from app.base import crypt, ids, wakeups
from app.base.later import later
from app.base.masks import without_codes
from app.channels import registry
from app.channels.contract import Attachment
from app.models.db import Transaction, db


class From(Protocol):
    """The update that brings them."""

    @property
    def channel_id(self) -> int: ...
    @property
    def channel_kind(self) -> str: ...


_FILE = text("""
    INSERT INTO file (id, message_id, chat_id, channel_id, family, name, mime, size, seconds, ref, stored_id, state,
                      next_at)
    VALUES (:id, :message_id, :chat_id, :channel_id, :family, :name, :mime, :size, :seconds, :ref, :stored_id,
            CASE WHEN CAST(:stored_id AS uuid) IS NULL THEN 'waiting' ELSE 'kept' END, :now)
""")

_FILES_OF = text("SELECT family, size FROM file WHERE message_id = :id")


def keep(
    row: From, chat_id: int, message_id: UUID, attachments: Sequence[Attachment], tx: Transaction, now: datetime
) -> None:
    for attachment in attachments:
        if attachment.file_ref:
            _keep(row, chat_id, message_id, attachment, now)
            if not registry.is_hosted(row.channel_kind):
                tx.after(later, wakeups.FETCH_FILES)


def not_yet_here(message_id: UUID, attachments: Sequence[Attachment]) -> list[Attachment]:
    """A client may put another picture in place of the one he has sent: both are kept."""
    here = {(one.family, one.size) for one in db.session.execute(_FILES_OF, {"id": message_id})}
    return [one for one in attachments if one.size is not None and (one.kind, one.size) not in here]


def _keep(row: From, chat_id: int, message_id: UUID, attachment: Attachment, now: datetime) -> None:
    file_id = ids.uuid7(now)
    # What a hosted channel brings lies here already.
    hosted = registry.is_hosted(row.channel_kind)
    values = {
        "id": file_id,
        "message_id": message_id,
        "chat_id": chat_id,
        "channel_id": row.channel_id,
        "family": attachment.kind,
        "name": crypt.seal(without_codes(attachment.name), at=("file.name", file_id)),
        "mime": attachment.mime,
        "size": attachment.size,
        "seconds": attachment.seconds,
        "ref": None if hosted else crypt.seal(attachment.file_ref, at=("file.ref", file_id)),
        "stored_id": UUID(attachment.file_ref) if hosted else None,
        "now": now,
    }
    db.session.execute(_FILE, values)
