"""Time. Stored in UTC, shown and bucketed in Asia/Tashkent; functions take `now` as a parameter."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

TASHKENT = ZoneInfo("Asia/Tashkent")
# Before and after all that is kept.
EPOCH, NEVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2899, 12, 31)


def now() -> datetime:
    """The present moment, aware, in UTC. Called at the edges (pages, jobs, commands) and passed down."""
    return datetime.now(UTC)


def business_day(at: datetime) -> date:
    """The bank's calendar day of a moment."""
    return at.astimezone(TASHKENT).date()


def micros(at: datetime) -> int:
    """Microseconds since EPOCH: what orders and cursors are written with."""
    return (at - EPOCH) // timedelta(microseconds=1)


def read_day(told: str, first: date = date.min, last: date = date.max) -> date | None:
    """A day as a form or an address says it (ISO 8601); None for what is none, or is not of `first` to `last`."""
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return None
    return day if first <= day <= last else None


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First moment of a Tashkent day and first of the next, in UTC.

    Whatever day somebody asks for: one beyond all that can be written down counts as the last that can.
    """
    day = min(max(day, _FIRST_DAY), _LAST_DAY)
    start = datetime(day.year, day.month, day.day, tzinfo=TASHKENT)
    return start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC)
