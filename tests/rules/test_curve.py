"""What waiting is worth, and when the desk is open."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.curve import earned
from app.models.hours import opens, works

CURVE = ((0, 0), (3, 12), (10, 60))
WEEK = {"mon": [["09:00", "13:00"], ["14:00", "18:00"]], "tue": [["00:00", "24:00"]], "wed": [["00:00", "02:00"]]}


@pytest.mark.clause("1.4", "5.1")
@pytest.mark.parametrize(
    ("seconds", "points"), [(0, 0), (29, 0), (60, 4), (180, 12), (185, 12), (600, 60), (86_400, 60), (-5, 0)]
)
def test_waiting_earns_evenly_between_knots_and_no_more_after_the_last(seconds: int, points: int) -> None:
    assert earned(CURVE, seconds) == points


def test_a_curve_of_one_knot_is_level() -> None:
    assert earned(((0, 7),), 5000) == 7


@given(st.integers(0, 7200), st.integers(0, 600))
def test_who_waits_longer_never_has_less_where_the_curve_rises(seconds: int, more: int) -> None:
    assert earned(CURVE, seconds + more) >= earned(CURVE, seconds)


def tashkent(day: int, hour: int, minute: int = 0) -> datetime:
    """Of November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=5)


@pytest.mark.parametrize(
    ("at", "is_open", "next_at"),
    [
        (tashkent(23, 8, 59), False, tashkent(23, 9)),
        (tashkent(23, 9), True, tashkent(23, 14)),
        (tashkent(23, 13), False, tashkent(23, 14)),
        (tashkent(23, 18), False, tashkent(24, 0)),
        (tashkent(24, 23, 59), True, tashkent(25, 0)),
        (tashkent(25, 2), False, tashkent(30, 9)),
    ],
)
def test_hours_run_from_the_first_minute_to_the_last(at: datetime, is_open: bool, next_at: datetime) -> None:
    assert works(WEEK, [], at) is is_open
    assert opens(WEEK, [], at) == next_at


def test_a_holiday_of_each_year_and_one_of_a_single_year_are_days_off() -> None:
    hayit = tashkent(23, 10)
    assert not works(WEEK, ["11-23"], hayit)
    assert not works(WEEK, ["2026-11-23"], hayit)
    assert works(WEEK, ["2027-11-23"], hayit)
    assert opens(WEEK, ["2026-11-23"], hayit) == tashkent(24, 0)


def test_hours_that_never_run_never_open() -> None:
    assert opens({}, [], tashkent(23, 10)) is None
