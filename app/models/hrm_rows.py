"""What a personnel system or a table says of people's time, read row by row; see docs/hrm.md."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from app.base.clock import TASHKENT, day_bounds
from app.models.hrm import ABSENCES, Absence, Row, Shift, Wrong

LONGEST_SHIFT = timedelta(hours=16)
LONGEST_ABSENCE = timedelta(days=400)
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S")
_TIMES = ("%H:%M", "%H:%M:%S")


class Unfit(ValueError):
    def __init__(self, wrong: Wrong, said: str) -> None:
        self.wrong, self.said = wrong, said[:60]
        super().__init__(wrong)


def read(numbered: Iterable[tuple[int, Mapping[str, str]]], people: Mapping[str, int]) -> list[Row]:
    """Rows of `login`, `day`, `from`, `till`, `last_day`, `absence`; `people`: ids by login in small letters.

    A row with `absence` is one, from `day` to `last_day` inclusive, or between two times of a day; others are shifts.
    """
    return _apart([_row(number, cells, people) for number, cells in numbered])


def _row(number: int, cells: Mapping[str, str], people: Mapping[str, int]) -> Row:
    login = cells.get("login", "").strip().lower()
    try:
        for cell in cells.values():
            if cell.startswith("="):
                raise Unfit(Wrong.FORMULA, cell)
        person_id = people.get(login)
        if person_id is None:
            raise Unfit(Wrong.LOGIN, login)
        plan = _absence(person_id, cells) if cells.get("absence") else _shift(person_id, cells)
    except Unfit as unfit:
        return Row(number, login, wrong=unfit.wrong, said=unfit.said)
    return Row(number, login, plan)


def _shift(person_id: int, cells: Mapping[str, str]) -> Shift:
    day = _day(cells.get("day", ""))
    from_at, till_at = _hours(day, cells)
    if till_at - from_at > LONGEST_SHIFT:
        raise Unfit(Wrong.LONG, f"{cells['from']}–{cells['till']}")
    return Shift(person_id, day, from_at, till_at)


def _absence(person_id: int, cells: Mapping[str, str]) -> Absence:
    kind = cells["absence"].strip().lower()
    if kind not in ABSENCES:
        raise Unfit(Wrong.KIND, kind)
    first = _day(cells.get("day", ""))
    last = _day(cells["last_day"]) if cells.get("last_day") else first
    if last < first:
        raise Unfit(Wrong.ORDER, cells["last_day"])
    if cells.get("from") or cells.get("till"):
        if last != first:
            raise Unfit(Wrong.TIME, cells.get("from") or cells["till"])
        return Absence(person_id, *_hours(first, cells), kind)
    from_at, till_at = day_bounds(first)[0], day_bounds(last)[1]
    if till_at - from_at > LONGEST_ABSENCE:
        raise Unfit(Wrong.LONG, cells["last_day"])
    return Absence(person_id, from_at, till_at, kind)


def _hours(day: date, cells: Mapping[str, str]) -> tuple[datetime, datetime]:
    """From one time to the next after it: 22:00–06:00 ends on the next day."""
    first, last = _time(cells.get("from", "")), _time(cells.get("till", ""))
    from_at = datetime.combine(day, first, TASHKENT)
    till_at = datetime.combine(day + timedelta(days=last <= first), last, TASHKENT)
    return from_at, till_at


def _day(text: str) -> date:
    for form in _DAYS:
        try:
            found = datetime.strptime(text.strip(), form)
        except ValueError:
            continue
        if 2000 <= found.year < 2200:
            return found.date()
    raise Unfit(Wrong.DAY, text)


def _time(text: str) -> time:
    if text.strip() == "24:00":
        return time(0)
    for form in _TIMES:
        try:
            return datetime.strptime(text.strip(), form).time()
        except ValueError:
            continue
    raise Unfit(Wrong.TIME, text)


def _apart(rows: Sequence[Row]) -> list[Row]:
    """A row that overlaps an earlier one of the same person and kind is wrong."""
    wrong: set[int] = set()
    good = [(place, row.plan) for place, row in enumerate(rows) if row.plan is not None]
    for kind in (Shift, Absence):
        until: dict[int, datetime] = {}
        same = [(place, plan) for place, plan in good if isinstance(plan, kind)]
        for place, plan in sorted(same, key=lambda pair: (pair[1].from_at, pair[0])):
            if plan.from_at < until.get(plan.person_id, plan.from_at):
                wrong.add(place)
            else:
                until[plan.person_id] = plan.till_at
    return [replace(row, plan=None, wrong=Wrong.OVERLAP) if place in wrong else row for place, row in enumerate(rows)]
