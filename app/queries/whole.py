"""A message's words whole, for the one who was shown them."""

from uuid import UUID

from sqlalchemy import text

from app.models.db import db
from app.queries.visible import opened

_TEXT = text("SELECT id, text FROM message WHERE id = :id AND chat_id = :chat_id")


def text_of(chat_id: int, message_id: UUID) -> str | None:
    """What was said, with nothing masked; None when it is not of this chat."""
    row = db.session.execute(_TEXT, {"id": message_id, "chat_id": chat_id}).one_or_none()
    return None if row is None else opened(row.text, "message.text", row.id)
