"""One's own numbers are those that were worked out by hand (clause 8.6)."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.base import clock
from app.models.db import db, transaction
from app.queries import numbers, settings
from app.queries.numbers import Numbers, Period
from tests.cast import Cast
from tests.news.worked_day import START, Day, at

pytestmark = [pytest.mark.clause("8.6"), pytest.mark.usefixtures("context")]

DAY = (START + timedelta(hours=12)).date()
TODAY = Period(DAY, DAY)
EVENING = at("20:00")
_PAGE = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text()
_COLUMNS = (
    "closed",
    "solved",
    "answer",
    "answer_p90",
    "waited",
    "handling",
    "asked",
    "rated",
    "rating",
    "overruns",
    "over",
)


@pytest.fixture
def day(cast: Cast) -> Day:
    return Day(cast)


def worked_out() -> dict[str, list[str]]:
    rows = re.search(r"^\| person \|.*\n\|[-|]+\n((?:\|.*\n)+)", _PAGE, re.MULTILINE)
    assert rows
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in rows[1].splitlines()]
    return {row[0]: row[1:] for row in cells}


def said(value: float | None, name: str) -> str:
    if value is None:
        return "–"
    return f"{value:.1f}" if name == "rating" else f"{value:.0f}"


def told(one: Numbers) -> list[str]:
    return [said(getattr(one, name), name) for name in _COLUMNS]


def test_each_persons_numbers_are_those_worked_out_by_hand(day: Day) -> None:
    found = numbers.of_people(day.people.values(), *TODAY.bounds, EVENING)
    expected = worked_out()
    assert {name: told(found[person]) for name, person in day.people.items()} == {
        name: expected[name] for name in day.people
    }


def test_the_groups_medians_are_those_worked_out_by_hand(day: Day) -> None:
    page = numbers.page(day.people["Aziza"], TODAY, EVENING)
    expected = dict(zip(_COLUMNS, worked_out()["median"], strict=True))
    assert {name: said(value, name) for name, value in page.group.items()} == {
        name: value for name, value in expected.items() if value not in ("", "–")
    }


def test_nobody_sees_a_median_of_two(day: Day) -> None:
    with transaction():
        db.session.execute(text("DELETE FROM group_member WHERE person_id = :id"), {"id": day.people["Botir"]})
    assert numbers.page(day.people["Aziza"], TODAY, EVENING).group == {}


def test_the_comparison_can_be_switched_off(day: Day) -> None:
    with transaction():
        values = {"key": "numbers.compare", "now": START}
        db.session.execute(text("INSERT INTO setting VALUES (:key, 'false', :now, NULL)"), values)
        db.session.execute(text("UPDATE setting_version SET number = number + 1"))
    settings.forget()
    assert numbers.page(day.people["Aziza"], TODAY, EVENING).group == {}


def test_the_rest_of_the_page_holds_too(day: Day) -> None:
    page = numbers.page(day.people["Aziza"], TODAY, EVENING)
    assert [(moment.hour, count) for moment, count in page.steps if count] == [(9, 1)] and len(page.steps) == 24
    assert page.marks == {1: 0, 2: 0, 3: 0, 4: 0, 5: 1}
    assert [(one.names["ru"], one.spent, one.overruns) for one in page.statuses] == [
        ("Работа", 10 * 3600 + 20 * 60, 0),
        ("Перерыв", 40 * 60, 1),
    ]


@pytest.mark.parametrize(("days", "closed"), [(0, 1), (1, 0), (-1, 0)])
def test_a_day_is_a_day_of_tashkent(day: Day, days: int, closed: int) -> None:
    """04:30 here is the evening before in UTC: what is closed then belongs to this day."""
    with transaction():
        values = {"at": at("0:00"), "id": day.people["Aziza"]}
        db.session.execute(text("UPDATE episode SET closed_at = :at WHERE owner_id = :id"), values)
    other = DAY + timedelta(days=days)
    found = numbers.of_people(day.people.values(), *Period(other, other).bounds, EVENING)
    assert found.get(day.people["Aziza"], Numbers()).closed == closed


@pytest.mark.parametrize("last", [date(2026, 11, 30), date(2026, 12, 31), date(2027, 2, 28), date(2028, 2, 29)])
@pytest.mark.parametrize(("seconds", "this", "next_"), [(-1, 1, 0), (0, 0, 1)])
def test_a_month_ends_at_midnight_in_tashkent(day: Day, last: date, seconds: int, this: int, next_: int) -> None:
    """What is closed in the last second is this month's, and the first second is the next one's."""
    midnight, aziza = clock.day_bounds(last)[1], day.people["Aziza"]
    with transaction():
        values = {"at": midnight + timedelta(seconds=seconds), "id": aziza}
        db.session.execute(text("UPDATE episode SET closed_at = :at WHERE owner_id = :id"), values)
    months = (Period(last.replace(day=1), last), Period(last + timedelta(days=1), last + timedelta(days=28)))
    later = midnight + timedelta(days=40)
    found = [numbers.of_people([aziza], *one.bounds, later).get(aziza, Numbers()).closed for one in months]
    assert found == [this, next_]


def test_a_span_over_midnight_is_cut_to_the_day(day: Day) -> None:
    page = numbers.page(day.people["Aziza"], TODAY, at("24:00") + timedelta(hours=3))
    assert page.statuses[0].spent == 4 * 3600 + (24 * 3600 - 13 * 3600 - 40 * 60)


def test_a_longer_period_is_shown_by_days(day: Day) -> None:
    page = numbers.page(day.people["Timur"], Period(DAY - timedelta(days=6), DAY), EVENING)
    assert len(page.steps) == 7 and page.steps[-1][1] == 2


@pytest.mark.parametrize(
    "asked",
    ["", "period=yesterday", "period=week", "period=month", "period=last_month", "period=nonsense",
     "period=other&since=2026-11-01&until=2026-11-18", "period=other&since=0001-01-01&until=9999-12-31"],
)  # fmt: skip
def test_the_page_opens_for_any_period(cast: Cast, asked: str) -> None:
    page = cast.aziza.browser.get(f"/me/numbers?{asked}")
    assert page.status_code == 200 and 'id="numbers"' in page.text


def test_the_page_draws_what_was_counted_beside_the_group(day: Day, cast: Cast) -> None:
    page = cast.timur.browser.get(f"/me/numbers?period=other&since={DAY}&until={DAY}").text
    assert page.count("<rect") == 3, "closed at ten and at eleven, one mark"
    assert "14:30" in page and "9:50" in page, "own handling, and the group's"


def test_days_that_were_changed_go_before_the_name_of_a_period(cast: Cast) -> None:
    stood = "period=week&stood=2026-11-16/2026-11-22&until=2026-11-22"
    changed = cast.aziza.browser.get(f"/me/numbers?{stood}&since=2026-11-02").text
    kept = cast.aziza.browser.get(f"/me/numbers?{stood}&since=2026-11-16").text
    assert 'value="2026-11-02"' in changed and 'value="other" selected' in changed
    assert 'value="week" selected' in kept


def test_it_is_for_those_who_work_at_the_desk(cast: Cast) -> None:
    assert cast.nodira.browser.get("/me/numbers").status_code == 403


def test_nobody_sees_the_numbers_of_a_colleague(day: Day, cast: Cast) -> None:
    page = cast.timur.browser.get(f"/me/numbers?person={day.people['Aziza']}&period=other&since={DAY}&until={DAY}")
    assert "Азиза" not in page.text
