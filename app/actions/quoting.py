"""A quote shows what it quotes as it reads by now."""

from uuid import UUID

from sqlalchemy import text

from app.live import push
from app.models.db import Transaction, db

_QUOTING = text("""
    WITH bumped AS (
      UPDATE chat SET rev = rev + 1 WHERE id = :chat_id
         AND EXISTS (SELECT 1 FROM message WHERE chat_id = :chat_id AND reply_to = :id) RETURNING rev
    )
    UPDATE message SET rev = bumped.rev FROM bumped
     WHERE message.chat_id = :chat_id AND message.reply_to = :id RETURNING message.id
""")


def redraw(tx: Transaction, chat_id: int, message_id: UUID) -> None:
    """The words of this message have changed: so have the bubbles that quote it."""
    for quoting in db.session.scalars(_QUOTING, {"chat_id": chat_id, "id": message_id}).all():
        tx.after(push.message_changed, chat_id, quoting)
