"""Whether clients are answered by people now, and from when on again (clause 14.3)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.base.clock import business_day
from app.models import hours
from app.models.db import db


@dataclass(frozen=True)
class Open:
    """`holiday`: today is a day off by the calendar; `next_at`: when it opens, None while open or when never."""

    is_open: bool
    holiday: bool = False
    next_at: datetime | None = None


# A group's own hours come first, then the channel's; whoever has none keeps the first of the list.
_HOURS = text("""
    SELECT h.week, h.holidays FROM business_hours h
      LEFT JOIN staff_group g ON g.id = :group_id LEFT JOIN channel c ON c.id = :channel_id
     WHERE h.archived_at IS NULL
     ORDER BY h.id IS NOT DISTINCT FROM g.hours_id DESC, h.id IS NOT DISTINCT FROM c.hours_id DESC, h.position, h.id
     LIMIT 1
""")


def open_now(group_id: int | None, channel_id: int | None, now: datetime) -> Open:
    """By the hours of the group, else of the channel, else the first of the list. Without any it is always open."""
    row = db.session.execute(_HOURS, {"group_id": group_id, "channel_id": channel_id}).one_or_none()
    if row is None or hours.works(row.week, row.holidays, now):
        return Open(True)
    holiday = hours.is_holiday(row.holidays, business_day(now))
    return Open(False, holiday, hours.opens(row.week, row.holidays, now))
