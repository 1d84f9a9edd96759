"""Working hours and holidays, in the bank's time (clause 14.3)."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.base.clock import TASHKENT
from app.models.kinds import DAYS, Holidays, Week
from app.models.listing import Field, Listed, declare


class Hours(Listed):
    """`week`: spans by day; `24:00` is midnight at the day's end. `holidays`: 01-01 each year, 2026-03-20 once."""

    __tablename__ = "business_hours"

    week: Mapped[dict[str, list[list[str]]]] = mapped_column(JSONB)
    holidays: Mapped[list[str]] = mapped_column(JSONB)


def runs(week: dict[str, list[list[str]]]) -> Iterator[tuple[int, int, list[list[str]]]]:
    """Neighbouring days with the same hours: (first, last, spans), Monday is 0; days off are left out."""
    for spans, days in groupby(range(7), key=lambda day: week.get(DAYS[day], [])):
        alike: Any = list(days)
        if spans:
            yield alike[0], alike[-1], spans


def works(week: Mapping[str, Any], holidays: Collection[str], at: datetime) -> bool:
    """Whether these hours run at a moment. A holiday is a day off, whatever the week says."""
    local = at.astimezone(TASHKENT)
    return any(begins <= local < ends for begins, ends in _spans(week, holidays, local.date()))


def is_holiday(holidays: Collection[str], day: date) -> bool:
    """`holidays` names days of every year, `01-01`, and of one, `2026-03-20`."""
    return f"{day:%m-%d}" in holidays or day.isoformat() in holidays


def opens(week: Mapping[str, Any], holidays: Collection[str], at: datetime) -> datetime | None:
    """When they begin next after a moment, in UTC; None when not within a year."""
    local = at.astimezone(TASHKENT)
    for ahead in range(366):
        spans = _spans(week, holidays, local.date() + timedelta(days=ahead))
        if later := [begins for begins, _ in spans if begins > local]:
            return later[0].astimezone(UTC)
    return None


def _spans(week: Mapping[str, Any], holidays: Collection[str], day: date) -> list[tuple[datetime, datetime]]:
    if is_holiday(holidays, day):
        return []
    return [(_moment(day, begins), _moment(day, ends)) for begins, ends in week.get(DAYS[day.weekday()], ())]


def _moment(day: date, clock: str) -> datetime:
    hours, minutes = (int(part) for part in clock.split(":"))
    return datetime(day.year, day.month, day.day, tzinfo=TASHKENT) + timedelta(hours=hours, minutes=minutes)


HOURS = declare(
    "hours",
    50,
    Hours,
    _l("Working hours"),
    _l("When clients are answered by people. Times are the bank's (Tashkent)."),
    Field("week", Week(), _l("Week"), column=_l("Hours")),
    Field(
        "holidays",
        Holidays(),
        _l("Holidays"),
        _l("One a line: 01.01 is every year, 20.03.2026 once. Ramazon and Qurbon hayit are added each year."),
        column=_l("Holidays"),
    ),
    add=_l("Add working hours"),
)
