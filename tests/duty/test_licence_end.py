"""A licence does not end unnoticed: a month, a week and a day before, and once it has (clause 14.4)."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.actions import licence_end
from app.base.clock import business_day
from jobs import news
from tests.cast import Cast
from tests.duty.conftest import MORNING, Installed, one, rows

pytestmark = pytest.mark.clause("14.4")
DAY = timedelta(days=1)


def told(person_id: int) -> list[str]:
    return [row.kind for row in rows("SELECT kind FROM notice WHERE person_id = :id ORDER BY at", id=person_id)]


def live(days: int, at: datetime) -> None:
    """The job rings many times a day."""
    for _ in range(days):
        for hours in (0, 5, 13):
            licence_end.tell(at + timedelta(hours=hours))
        at += DAY


def test_whoever_may_install_it_is_told_three_times_before_and_once_after(cast: Cast, installed: Installed) -> None:
    kamola, aziza = cast.kamola.id, cast.aziza.id
    installed(5, days=60, since=0)
    marks: list[int] = []
    for day in range(75):
        live(1, MORNING + day * DAY)
        marks += [day] * (len(told(kamola)) - len(marks))
    assert marks == [30, 53, 59, 61]
    assert told(kamola) == ["licence.ends"] * 3 + ["licence.over"]
    assert told(aziza) == []


def test_the_sentence_names_the_day_and_leads_to_the_page_of_the_licence(cast: Cast, installed: Installed) -> None:
    kamola = cast.kamola
    found = installed(5, days=20, since=0)
    live(1, MORNING)
    page = kamola.browser.get("/me/notifications").text
    assert f"{found.valid_to:%d.%m.%Y}" in page and "/office/seats" in page


def test_a_licence_that_goes_on_where_the_other_ends_is_no_end(cast: Cast, installed: Installed) -> None:
    kamola = cast.kamola.id
    installed(5, days=10, since=0)
    installed(5, since=11, days=365)
    live(12, MORNING)
    assert told(kamola) == []


def test_a_gap_between_two_licences_is_told(cast: Cast, installed: Installed) -> None:
    kamola = cast.kamola.id
    installed(5, days=10, since=0)
    installed(5, since=13, days=365)
    live(12, MORNING)
    assert told(kamola) == ["licence.ends"] * 3 + ["licence.over"]


def test_who_may_install_it_since_today_is_told_too(cast: Cast, installed: Installed) -> None:
    installed(5, days=20, since=0)
    assert licence_end.tell(MORNING) == 0, "nobody is there to be told"
    kamola = cast.kamola.id
    live(2, MORNING)
    assert told(kamola) == ["licence.ends"]


def test_without_a_licence_nothing_is_said(cast: Cast, context: None) -> None:
    assert cast.kamola.id
    assert licence_end.tell(MORNING) == 0


def test_the_job_of_every_minute_tells_it(
    app: Flask, cast: Cast, installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    kamola = cast.kamola.id
    found = installed(5, days=20, since=0)
    monkeypatch.setattr("app.base.clock.now", lambda: MORNING)
    assert business_day(MORNING) < found.valid_to
    news.remind()
    news.remind()
    assert told(kamola) == ["licence.ends"]
    assert one("SELECT count(*) FROM notice WHERE kind = 'licence.ends' AND read_at IS NULL") == 1
