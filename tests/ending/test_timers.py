"""The clocks of a chat's end run over midnight, the end of a month, of a year and of February as at any noon."""

from datetime import date, datetime, timedelta

import pytest

from app.base.clock import day_bounds
from app.models.rating import callback
from tests.ending.conftest import Desk, setting
from tests.ending.test_closing_times import MOMENTS, answered, moments

pytestmark = pytest.mark.clause("9.5", "9.6")
SECOND = timedelta(seconds=1)


@moments
@pytest.mark.parametrize(("over", "mark"), [(0 * SECOND, 5), (SECOND, None)])
def test_a_mark_is_taken_up_to_the_last_second(desk: Desk, begins: datetime, over: timedelta, mark: int | None) -> None:
    setting("rating.hours", 1)
    rated(desk, begins)
    ends_at = desk.one("SELECT ends_at FROM rating")
    assert ends_at == desk.at + timedelta(hours=1)
    presses_at(desk, ends_at + over, "5")
    assert desk.one("SELECT mark FROM rating") == mark


@moments
@pytest.mark.parametrize(("before", "kept"), [(SECOND, True), (0 * SECOND, False)])
def test_a_comment_is_awaited_for_a_quarter_of_an_hour(
    desk: Desk, begins: datetime, before: timedelta, kept: bool
) -> None:
    rated(desk, begins)
    presses_at(desk, desk.at + SECOND, "3")
    presses_at(desk, desk.at + SECOND, "comment")
    says_at(desk, desk.at + timedelta(minutes=15) - before)
    assert desk.one("SELECT comment IS NOT NULL FROM rating") is kept
    assert desk.one("SELECT count(*) FROM standing") == (not kept)


@moments
@pytest.mark.parametrize(("before", "episodes"), [(SECOND, 1), (-SECOND, 2)])
def test_a_closed_chat_goes_on_up_to_the_last_second(
    desk: Desk, begins: datetime, before: timedelta, episodes: int
) -> None:
    answered(desk, begins)
    desk.closes()
    says_at(desk, desk.at + timedelta(minutes=60) - before)
    assert desk.one("SELECT count(*) FROM episode") == episodes


@pytest.mark.parametrize("last", [date(2026, 11, 30), date(2026, 12, 31), date(2027, 2, 28)])
def test_the_limit_of_a_day_begins_anew_with_the_first_second_of_the_next(desk: Desk, last: date) -> None:
    setting("rating.most_a_day", 1)
    setting("ending.resume_minutes", 0)
    begins, midnight = day_bounds(last)
    for moment, asked in [(begins, 1), (midnight - timedelta(minutes=1), 1), (midnight, 2)]:
        rated(desk, moment)
        assert desk.one("SELECT count(*) FROM rating") == asked


@moments
def test_a_chat_with_the_assistant_alone_closes_over_midnight_too(desk: Desk, begins: datetime) -> None:
    desk.at = begins
    desk.client_says()
    desk.change("UPDATE episode SET type = 'bot-only'")
    since = desk.one("SELECT last_at FROM standing")
    desk.at = since + timedelta(minutes=60) - SECOND
    assert desk.idles() == 0
    desk.later(seconds=1)
    assert desk.idles() == 1


def test_the_moments_are_what_they_are_called() -> None:
    days = [(one.month, (one + timedelta(minutes=31)).month) for one in MOMENTS]
    assert days == [(11, 11), (11, 11), (11, 12), (12, 1), (2, 3)]


def rated(desk: Desk, begins: datetime) -> None:
    """A chat answered, closed and asked about from this moment on."""
    answered(desk, begins)
    desk.closes()
    desk.asks()


def presses_at(desk: Desk, moment: datetime, button: str) -> None:
    desk.at = moment - SECOND  # a press takes one
    desk.presses(callback(desk.rating_id, button))


def says_at(desk: Desk, moment: datetime) -> None:
    desk.at = moment - SECOND
    desk.client_says("Yana bir narsa")
