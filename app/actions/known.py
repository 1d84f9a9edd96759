"""What becomes known of a client and how well: the most trusted source wins; a phone the client has proved."""

from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.base import crypt, phones
from app.models.customer import LanguageSource, SegmentSource
from app.models.db import db

_LANGUAGE = text("UPDATE customer SET language = :language, language_source = :source WHERE id = :id")
# The open request goes by what is known now; finished ones keep what was known then.
# Whoever speaks Russian reads it in Latin letters too.
_LANGUAGE_NOW = text("""
    WITH now AS (
      UPDATE standing s SET language = replace(:language, 'ru_Latn', 'ru')
        FROM chat c WHERE c.id = s.chat_id AND c.customer_id = :id RETURNING s.episode_id
    )
    UPDATE episode SET language = :language FROM now
     WHERE episode.id = now.episode_id AND (episode.first_reply_at IS NULL OR :source <> 'recognised')
""")
_SEGMENT = text("""
    UPDATE customer SET segment_id = :segment_id, segment_by = :by_id, segment_at = :now,
           segment_source = CASE WHEN CAST(:segment_id AS bigint) IS NOT NULL THEN :source END
     WHERE id = :id
""")
_SEGMENT_NOW = text("""
    UPDATE episode SET segment_id = :segment_id FROM standing s JOIN chat c ON c.id = s.chat_id
     WHERE c.customer_id = :id AND episode.id = s.episode_id
""")
_CHANGE = text("""
    WITH newer AS (UPDATE customer SET version = version + 1 WHERE id = :id RETURNING version)
    INSERT INTO customer_change (customer_id, field, version, at, by_id)
    SELECT :id, :field, version, :now, :by_id FROM newer RETURNING id
""")
_SEAL_CHANGE = text("UPDATE customer_change SET old = :old WHERE id = :id")
_PROVEN = text("""
    INSERT INTO customer_phone (customer_id, whole, last4, last7, proven_at, at)
    VALUES (:id, :whole, :last4, :last7, :now, :now)
    ON CONFLICT (customer_id, whole) WHERE removed_at IS NULL
      DO UPDATE SET proven_at = coalesce(customer_phone.proven_at, excluded.proven_at) RETURNING id
""")
_SEAL_PHONE = text("UPDATE customer_phone SET phone = :phone WHERE id = :id")
_OWNER = text("SELECT customer_id FROM identity WHERE id = :id")


def keep_language(customer: Any, language: str, source: LanguageSource) -> bool:
    """Whether it is kept: not when a more trusted source has spoken. `customer` is its row, locked."""
    before = customer.language_source
    if before and customer.language and not LanguageSource(before).yields_to(source):
        return False
    values = {"id": customer.id, "language": language, "source": source.value}
    db.session.execute(_LANGUAGE, values)
    if customer.language != language:
        db.session.execute(_LANGUAGE_NOW, values)
    return True


def keep_segment(
    customer: Any, segment_id: int | None, source: SegmentSource, by_id: int | None, now: datetime
) -> bool:
    """The same for the segment; its source takes back only what it has said itself."""
    before = customer.segment_source
    if before and customer.segment_id and not SegmentSource(before).yields_to(source):
        return False
    values = {"id": customer.id, "segment_id": segment_id, "source": source.value, "by_id": by_id, "now": now}
    db.session.execute(_SEGMENT, values)
    db.session.execute(_SEGMENT_NOW, values)
    return True


def keep_change(customer_id: int, field: str, old: str, by_id: int | None, now: datetime) -> None:
    """One more version of the card; what stood there before is kept, sealed."""
    values = {"id": customer_id, "field": field, "by_id": by_id, "now": now}
    change_id = db.session.scalar(_CHANGE, values)
    db.session.execute(_SEAL_CHANGE, {"id": change_id, "old": crypt.seal(old, at=("customer_change.old", change_id))})


def prove_phone(identity_id: int, told: str, now: datetime) -> int | None:
    """The channel vouches that this number is the sender's own. Whose phone it is now; None for what is no phone.

    It belongs to the customer the identity came with, so a merge that is taken back takes it along.
    """
    phone = phones.normal(told)
    if phone is None:
        return None
    customer_id = int(db.session.execute(_OWNER, {"id": identity_id}).scalar_one())
    values = {"id": customer_id, "now": now, **phones.hashes(phone)._asdict()}
    phone_id = db.session.scalar(_PROVEN, values)
    db.session.execute(_SEAL_PHONE, {"id": phone_id, "phone": crypt.seal(phone, at=("customer_phone.phone", phone_id))})
    return customer_id
