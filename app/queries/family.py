"""One person, several customers: the root everything leads to, and all who were merged into it."""

from sqlalchemy import text

from app.models.db import db

_ROOT = text("SELECT coalesce(merged_into, id) FROM customer WHERE id = :id")
_CHAT = text("""
    SELECT r.id FROM chat c JOIN customer k ON k.id = c.customer_id
      JOIN chat r ON r.customer_id = coalesce(k.merged_into, k.id) WHERE c.id = :chat_id
""")
_MEMBERS = text("SELECT id FROM customer WHERE id = :id OR merged_into = :id ORDER BY id")
# Whoever came with this one by records that still hold: merged into it, or into one merged into it.
_BRANCH = text("""
    WITH RECURSIVE branch AS (
      SELECT CAST(:id AS bigint) AS id
      UNION SELECT m.customer_id FROM customer_merge m JOIN branch b ON m.into_id = b.id WHERE m.ended_at IS NULL
    )
    SELECT id FROM branch ORDER BY id
""")


def root(customer_id: int) -> int:
    """Whom reads follow to."""
    return int(db.session.scalar(_ROOT, {"id": customer_id}) or customer_id)


def chat_now(chat_id: int) -> int:
    """The chat in which this one goes on: itself, or the one it was merged into."""
    return int(db.session.scalar(_CHAT, {"chat_id": chat_id}) or chat_id)


def members(root_id: int) -> list[int]:
    """A root and all who were merged into it."""
    return list(db.session.scalars(_MEMBERS, {"id": root_id}))


def branch(customer_id: int) -> list[int]:
    """A customer and all who were merged into it directly or through others."""
    return list(db.session.scalars(_BRANCH, {"id": customer_id}))
