"""What a message said before it was changed, and whether its channel lets it be changed at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.base.crypt import opened
from app.base.masks import masked
from app.channels import registry
from app.models.db import db

_CHANGEABLE = ("sent", "delivered", "read")


@dataclass(frozen=True)
class Version:
    """An earlier text, and until when it stood; masked."""

    text: str
    until: datetime


_VERSIONS = text("""
    SELECT message_id, text, until FROM message_version WHERE message_id = ANY(:ids) ORDER BY message_id, version
""")
_TEXT = text("""
    SELECT id, text FROM message
     WHERE id = :id AND chat_id = :chat_id AND person_id = :me AND kind = 'mine' AND withdrawn_at IS NULL
""")


def of(message_ids: Sequence[UUID]) -> dict[UUID, list[Version]]:
    """The earlier texts of these messages, oldest first."""
    found: dict[UUID, list[Version]] = {}
    for row in db.session.execute(_VERSIONS, {"ids": list(message_ids)}) if message_ids else ():
        said = masked(opened(row.text, "message_version.text", row.message_id))
        found.setdefault(row.message_id, []).append(Version(said, row.until))
    return found


def own_text(chat_id: int, message_id: UUID, person_id: int) -> str | None:
    """One's own word to the client exactly as it was sent, to be changed; None when it is not one's own."""
    row = db.session.execute(_TEXT, {"id": message_id, "chat_id": chat_id, "me": person_id}).one_or_none()
    return None if row is None else opened(row.text, "message.text", row.id)


def changeable(row: Any, how: str) -> bool:
    """Whether a word to the client may still be changed; `how`: "edits" or "deletes", as channels tell their limits."""
    if row.kind != "mine" or row.state not in _CHANGEABLE or row.withdrawn_at is not None:
        return False
    try:
        return bool(getattr(registry.door(row.channel_kind).limits, how))
    except KeyError:
        return False
