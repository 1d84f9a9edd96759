"""Days as people and forms say them."""

from datetime import date

import pytest

from app.base.clock import read_day


def test_a_day_is_read_as_a_form_sends_it() -> None:
    assert read_day("2026-11-22") == date(2026, 11, 22)


@pytest.mark.parametrize("told", ["", "22.11.2026", "2026-02-30", "9999-99-99", "tomorrow"])
def test_what_is_no_day_is_none(told: str) -> None:
    assert read_day(told) is None


@pytest.mark.parametrize("told", ["2026-10-31", "2026-12-01"])
def test_a_day_before_the_first_or_after_the_last_is_none(told: str) -> None:
    assert read_day(told, date(2026, 11, 1), date(2026, 11, 30)) is None
