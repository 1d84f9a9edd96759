"""Upkeep: what the system does for itself."""

from datetime import datetime, timedelta

from sqlalchemy import text

from app.base import ids
from app.models.db import db, transaction

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


def make_months(now: datetime) -> int:
    """Make the coming months of every partitioned table. Returns how many were made."""
    with transaction():
        return (
            db.session.scalar(text("SELECT make_months(:since, :ahead)"), {"since": now.date(), "ahead": MONTHS_AHEAD})
            or 0
        )


def clear_road(now: datetime) -> int:
    """Take away finished rows of inbox and outbox that are older than KEPT, in small batches. Returns how many."""
    cleared = 0
    for statement in _CLEAR.values():
        while True:
            with transaction():
                found = db.session.execute(statement, {"edge": ids.floor(now - KEPT), "most": _AT_ONCE})
                gone = int(getattr(found, "rowcount", 0))
            cleared += gone
            if gone < _AT_ONCE:
                break
    return cleared
