"""What may be entered in the fields of the lists."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale

from app.models.hours import runs
from app.models.kinds import Chosen, Colour, Holidays, Names, Texts, Unfit, Week, Whole


@pytest.fixture(autouse=True)
def _english(app: Flask) -> Iterator[None]:
    with app.app_context(), force_locale("en"):
        yield


def test_a_name_needs_russian_and_drops_what_is_empty() -> None:
    assert Names().read({"ru": "  Обед  днём ", "en": ""}) == {"ru": "Обед днём"}
    with pytest.raises(Unfit) as refused:
        Names().read({"uz_Latn": "Tushlik"})
    assert list(refused.value.errors) == ["ru"]


def test_a_name_has_an_end() -> None:
    with pytest.raises(Unfit) as refused:
        Names().read({"ru": "Обед", "en": "x" * 81})
    assert refused.value.errors == {"en": "At most 80 characters"}


def test_a_text_keeps_its_lines() -> None:
    assert Texts().read({"ru": "Первая \r\nвторая\n\n"}) == {"ru": "Первая\nвторая"}


@pytest.mark.parametrize("entered", ["0", "721", "-5", "15 min", "1.5", "٣"])
def test_minutes_out_of_bounds_are_refused(entered: str) -> None:
    with pytest.raises(Unfit):
        Whole(1, 720).read(entered)


def test_no_minutes_mean_no_limit() -> None:
    assert Whole(1, 720).read(" ") is None


def test_a_colour_is_one_of_the_six() -> None:
    with pytest.raises(Unfit):
        Colour().read("#ff0000")


def test_a_week_is_read_and_written_alike() -> None:
    entered = {"mon": "9:00-13:00, 14:00 – 18:00", "sun": ""}
    week = Week().read(entered)
    assert week["mon"] == [["09:00", "13:00"], ["14:00", "18:00"]]
    assert week["sun"] == []
    assert Week().read(Week().write(week)) == week


@pytest.mark.parametrize("entered", ["9", "18:00-09:00", "09:00-13:00, 12:00-14:00", "25:00-26:00", "09:00-24:30", "x"])
def test_hours_that_cannot_be_are_refused_at_their_day(entered: str) -> None:
    with pytest.raises(Unfit) as refused:
        Week().read({"tue": entered})
    assert list(refused.value.errors) == ["tue"]


def test_neighbouring_days_with_the_same_hours_are_one_run() -> None:
    week = Week().read(dict.fromkeys(("mon", "tue", "wed"), "09:00-18:00") | {"sat": "10:00-16:00"})
    assert [(first, last) for first, last, _spans in runs(week)] == [(0, 2), (5, 5)]


def test_a_holiday_is_every_year_or_once() -> None:
    assert Holidays().read("20.03.2026\n1.1\n01.01\n29.02") == ["01-01", "02-29", "2026-03-20"]
    assert Holidays().write(["01-01", "2026-03-20"]) == "01.01\n20.03.2026"


@pytest.mark.parametrize("entered", ["30.02", "29.02.2026", "tomorrow", "1", "01.01.01.01"])
def test_a_day_that_does_not_exist_is_refused(entered: str) -> None:
    with pytest.raises(Unfit):
        Holidays().read(entered)


def test_people_are_chosen_by_number_and_nothing_else() -> None:
    assert Chosen().read(["7", "3", "7", "x"]) == [3, 7]
    assert Chosen(many=False).read("") is None
