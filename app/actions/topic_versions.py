"""A topic's names and places, dated: whoever changes the tree holds it and keeps what was (clause 9.5)."""

from datetime import datetime

from sqlalchemy import select, text

from app.models.db import db
from app.models.listing import Listed
from app.models.topic import Topic, TopicVersion, folded

# Two moves at once could make a ring of two branches; a change of the tree is rare, so they take turns.
_HOLD = text("SELECT pg_advisory_xact_lock(7304)")


def hold_tree() -> None:
    """Until the end of the transaction nobody else changes the tree."""
    db.session.execute(_HOLD)


def keep(row: Listed, now: datetime) -> None:
    """End the version that was and begin the one that is; nothing for other lists and where nothing differs."""
    if not isinstance(row, Topic):
        return
    db.session.flush()
    row.folded = folded(row.names)
    was = db.session.scalar(select(TopicVersion).where(TopicVersion.topic_id == row.id, TopicVersion.until.is_(None)))
    if was is not None and (was.parent_id, was.names) == (row.parent_id, row.names):
        return
    if was is not None and now <= was.since:  # changed twice in one moment: only the last was ever seen
        was.parent_id, was.names = row.parent_id, dict(row.names)
        return
    if was is not None:
        was.until = now
        db.session.flush()
    db.session.add(TopicVersion(topic_id=row.id, since=now, parent_id=row.parent_id, names=dict(row.names)))
