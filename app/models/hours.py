"""Working hours and holidays, in the bank's time (clause 14.3)."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

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
