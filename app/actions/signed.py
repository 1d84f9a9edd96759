"""What the bank's site vouches for when it signs who its visitor is: the bank's own id of him, and his segment."""

from datetime import datetime

from sqlalchemy import text

from app.actions import known, merging
from app.base import crypt
from app.models.customer import JOIN_SIGNED, SegmentSource
from app.models.db import db, transaction
from app.queries import settings

_SUBJECT = text("""
    UPDATE identity SET subject = :subject WHERE id = :id AND subject IS DISTINCT FROM :subject RETURNING customer_id
""")
_CUSTOMER = text("""
    SELECT k.* FROM customer k WHERE k.id = (
      SELECT coalesce(o.merged_into, o.id) FROM identity i JOIN customer o ON o.id = i.customer_id WHERE i.id = :id)
""")
_LOCKED = text("SELECT * FROM customer WHERE id = :id FOR UPDATE")
_SEGMENT = text("""
    SELECT id FROM segment WHERE archived_at IS NULL
       AND EXISTS (SELECT 1 FROM jsonb_each_text(names) n WHERE lower(n.value) = lower(:told)) ORDER BY id LIMIT 1
""")


def know(identity_id: int, subject: str, segment: str, now: datetime) -> None:
    """Keep what the signed token said. The id is looked up by its keyed hash; in the clear it stands nowhere."""
    if not subject:
        return
    with transaction() as tx:
        hashed = crypt.keyed_hash("subject", subject)
        customer_id = db.session.scalar(_SUBJECT, {"id": identity_id, "subject": hashed})
        if segment:
            _belongs(identity_id, segment, now)
        if customer_id is not None and settings.value(JOIN_SIGNED):
            tx.after(merging.join_same, customer_id, "proof", now)


def _belongs(identity_id: int, told: str, now: datetime) -> None:
    """A segment of the list, by any of its names; what the list does not know is nothing."""
    segment_id = db.session.scalar(_SEGMENT, {"told": told})
    customer = db.session.execute(_CUSTOMER, {"id": identity_id}).one()
    if segment_id is None or (customer.segment_id, customer.segment_source) == (segment_id, SegmentSource.TOKEN.value):
        return
    customer = db.session.execute(_LOCKED, {"id": customer.id}).one()
    if known.keep_segment(customer, segment_id, SegmentSource.TOKEN, None, now):
        known.keep_change(customer.id, "segment", str(customer.segment_id or ""), None, now)
