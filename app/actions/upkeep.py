"""Upkeep: what the system does for itself."""

from datetime import datetime

from sqlalchemy import text

from app.models.db import db, transaction

MONTHS_AHEAD = 3


def make_months(now: datetime) -> int:
    """Make the coming months of every partitioned table. Returns how many were made."""
    with transaction():
        return (
            db.session.scalar(text("SELECT make_months(:since, :ahead)"), {"since": now.date(), "ahead": MONTHS_AHEAD})
            or 0
        )
