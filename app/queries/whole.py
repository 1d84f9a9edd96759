"""What was masked, whole: for the one who was shown it."""

from uuid import UUID

from sqlalchemy import text

from app.base.crypt import opened
from app.models.db import db

_TEXT = text("SELECT id, text FROM message WHERE id = :id AND chat_id = :chat_id")

_NAME = text("SELECT id, message_id, name FROM file WHERE id = :id AND chat_id = :chat_id")

_NOTE = text("""
    SELECT n.id, n.text FROM customer_note n JOIN customer k ON k.id = n.customer_id
     WHERE n.id = :id AND coalesce(k.merged_into, k.id) = :customer_id AND n.deleted_at IS NULL
""")


def text_of(chat_id: int, message_id: UUID) -> str | None:
    """What was said, with nothing masked; None when it is not of this chat."""
    row = db.session.execute(_TEXT, {"id": message_id, "chat_id": chat_id}).one_or_none()
    return None if row is None else opened(row.text, "message.text", row.id)


def name_of(chat_id: int, file_id: UUID) -> tuple[UUID, str] | None:
    """Of which message a file is, and how it is called; None when it is not of this chat."""
    row = db.session.execute(_NAME, {"id": file_id, "chat_id": chat_id}).one_or_none()
    return None if row is None else (row.message_id, opened(row.name, "file.name", row.id))


def note_of(customer_id: int, note_id: int) -> str | None:
    """What a colleague noted of a client; None when it is not of this one."""
    row = db.session.execute(_NOTE, {"id": note_id, "customer_id": customer_id}).one_or_none()
    return None if row is None else opened(row.text, "customer_note.text", row.id)
