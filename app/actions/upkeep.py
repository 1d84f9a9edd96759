"""Upkeep: what the system does for itself."""

from datetime import datetime, timedelta

from sqlalchemy import TextClause, text

from app.base import ids
from app.models.db import db, transaction
from app.models.notice import KEEP_DAYS
from app.queries import settings

MONTHS_AHEAD = 3
# What was taken or sent is in the chats; the raw rows are kept a while for whoever looks for a fault.
KEPT = timedelta(days=30)
_AT_ONCE = 1000

# By the key, which is made in the order of time: the oldest rows stand together.
_CLEAR = {
    "inbox": text("""
        DELETE FROM inbox WHERE id IN (
          SELECT id FROM inbox WHERE id < :edge AND state = 'taken' ORDER BY id LIMIT :most FOR UPDATE SKIP LOCKED)
    """),
    "outbox": text("""
        DELETE FROM outbox WHERE id IN (
          SELECT id FROM outbox WHERE id < :edge AND state IN ('sent', 'delivered', 'read') ORDER BY id LIMIT :most
             FOR UPDATE SKIP LOCKED)
    """),
}
# An important one that nobody has read still stands before somebody's work.
_NOTICES = text("""
    DELETE FROM notice WHERE id IN (
      SELECT id FROM notice WHERE id < :edge AND (read_at IS NOT NULL OR NOT important) ORDER BY id LIMIT :most
         FOR UPDATE SKIP LOCKED)
""")


def make_months(now: datetime) -> int:
    """Make the coming months of every partitioned table. Returns how many were made."""
    with transaction():
        return (
            db.session.scalar(text("SELECT make_months(:since, :ahead)"), {"since": now.date(), "ahead": MONTHS_AHEAD})
            or 0
        )


def clear_notices(now: datetime) -> int:
    """Take away notifications that are older than the setting keeps them. Returns how many."""
    return _clear(_NOTICES, now - timedelta(days=settings.value(KEEP_DAYS)))


def clear_road(now: datetime) -> int:
    """Take away finished rows of inbox and outbox that are older than KEPT, in small batches. Returns how many."""
    return sum(_clear(statement, now - KEPT) for statement in _CLEAR.values())


def _clear(statement: TextClause, before: datetime) -> int:
    cleared = 0
    while True:
        with transaction():
            found = db.session.execute(statement, {"edge": ids.floor(before), "most": _AT_ONCE})
            gone = int(getattr(found, "rowcount", 0))
        cleared += gone
        if gone < _AT_ONCE:
            return cleared
