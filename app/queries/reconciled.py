"""What was counted and kept, newest day first."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from app.models.db import db
from app.models.reconciliation import Day

DAYS = 31

_KEPT = text("""
    SELECT r.*, c.name AS channel FROM reconciliation r JOIN channel c ON c.id = r.channel_id
     WHERE r.day > CAST(:upto AS date) - :days ORDER BY r.day DESC, c.name, c.id
""")
_DIFFERING = text("SELECT count(*) FROM reconciliation WHERE differences <> '{}' AND day > CAST(:upto AS date) - :days")
_ACCEPTED = text("SELECT channel_id, accepted FROM reconciliation WHERE day = :day")
_COUNTED = text("SELECT day FROM reconciliation WHERE counted_at >= :since GROUP BY day")
_LAST = text("SELECT max(counted_at) FROM reconciliation")


def days(upto: date) -> list[Day]:
    """The last thirty-one days up to this one, per channel."""
    return [_read(row._asdict()) for row in db.session.execute(_KEPT, {"upto": upto, "days": DAYS})]


def differing(upto: date) -> int:
    """How many of them differ."""
    return int(db.session.scalar(_DIFFERING, {"upto": upto, "days": DAYS}) or 0)


def accepted(of: date) -> dict[int, int]:
    """How many updates each channel had when the day was last counted."""
    return {row.channel_id: row.accepted for row in db.session.execute(_ACCEPTED, {"day": of})}


def counted_since(since: datetime) -> set[date]:
    return set(db.session.scalars(_COUNTED, {"since": since}))


def last() -> datetime | None:
    """When anything was counted last."""
    found: datetime | None = db.session.scalar(_LAST)
    return found


def _read(row: dict[str, Any]) -> Day:
    row.pop("counted_at")
    return Day(**row)
