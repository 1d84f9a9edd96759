"""A row of a plan is read as the contract says, and what is wrong with it is named."""

from datetime import UTC, datetime

import pytest

from app.models.hrm import Absence, Row, Shift, Wrong
from app.models.hrm_rows import read

PEOPLE = {"aziza": 1, "timur": 2}


def one(**cells: str) -> Row:
    return read([(2, {"login": "aziza", "day": "2026-11-23"} | cells)], PEOPLE)[0]


def wrong(**cells: str) -> Wrong | None:
    return one(**{"from": "09:00", "till": "18:00"} | cells).wrong


def test_times_are_those_of_tashkent() -> None:
    plan = one(**{"from": "09:00", "till": "18:00"}).plan
    assert isinstance(plan, Shift)
    assert (plan.from_at, plan.till_at) == (
        datetime(2026, 11, 23, 4, tzinfo=UTC),
        datetime(2026, 11, 23, 13, tzinfo=UTC),
    )


def test_a_night_shift_ends_on_the_next_day_and_belongs_to_the_first() -> None:
    plan = one(**{"from": "22:00", "till": "06:00"}).plan
    assert isinstance(plan, Shift)
    assert plan.day.day == 23
    assert plan.till_at == datetime(2026, 11, 24, 1, tzinfo=UTC)


def test_the_last_day_of_an_absence_is_included() -> None:
    plan = one(absence="vacation", last_day="25.11.2026").plan
    assert isinstance(plan, Absence)
    assert plan.till_at == datetime(2026, 11, 25, 19, tzinfo=UTC)  # midnight of Tashkent


def test_an_absence_may_be_some_hours_of_a_day() -> None:
    plan = one(absence="training", **{"from": "10:00", "till": "12:00"}).plan
    assert isinstance(plan, Absence)
    assert (plan.till_at - plan.from_at).total_seconds() == 7200


@pytest.mark.parametrize("day", ["2026-11-23", "23.11.2026", "2026-11-23 00:00:00"])
def test_a_day_is_read_as_people_and_spreadsheets_write_it(day: str) -> None:
    assert wrong(day=day) is None


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"login": "nobody"}, Wrong.LOGIN),
        ({"day": "31.02.2026"}, Wrong.DAY),
        ({"day": ""}, Wrong.DAY),
        ({"from": "9 утра"}, Wrong.TIME),
        ({"till": ""}, Wrong.TIME),
        ({"from": "02:00", "till": "22:00"}, Wrong.LONG),
        ({"absence": "party"}, Wrong.KIND),
        ({"absence": "sick", "from": "", "till": "", "last_day": "2026-11-20"}, Wrong.ORDER),
        ({"absence": "sick", "from": "", "till": "", "last_day": "2029-11-20"}, Wrong.LONG),
        ({"from": "=1+1"}, Wrong.FORMULA),
    ],
)
def test_what_is_wrong_is_named(cells: dict[str, str], why: Wrong) -> None:
    assert wrong(**cells) is why


def test_overlapping_rows_of_one_person_are_wrong_and_of_two_are_not() -> None:
    cells = {"day": "2026-11-23", "from": "09:00", "till": "18:00"}
    found = read(
        [
            (2, {"login": "aziza", **cells}),
            (3, {"login": "Aziza", **cells, "from": "17:00", "till": "20:00"}),
            (4, {"login": "timur", **cells}),
        ],
        PEOPLE,
    )
    assert [row.wrong for row in found] == [None, Wrong.OVERLAP, None]
