"""Chats set aside: at the foot of their owner's list, by forms that need no script; waiting is coloured by settings."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.actions import routing, snoozing
from app.actions.journal import HERE
from app.actions.settings import change
from app.base import clock
from app.models.chat import Snooze
from app.models.db import db
from app.models.viewer import SYSTEM
from app.queries import chat_list, settings, waits
from tests.cast import Cast
from tests.desk.clients import Client
from tests.desk.conftest import Listen
from tests.desk.test_visible import viewer

pytestmark = pytest.mark.clause("8.7")


def taken(cast: Cast, client: Client, minutes_ago: int = 0) -> int:
    now = clock.now()
    chat_id = client.writes("Salom", now - timedelta(minutes=minutes_ago))
    routing.take(chat_id, viewer(cast.aziza), now)
    return chat_id


def test_a_chat_set_aside_stands_below_the_others(cast: Cast, dilshod: Client) -> None:
    by, now = viewer(cast.aziza), clock.now()
    aside, other = taken(cast, dilshod, 20), taken(cast, Client("Malika", 2), 1)
    snoozing.snooze(aside, Snooze.UNTIL, now + timedelta(hours=1), by, now)
    rows = chat_list.mine(by)
    assert [row.chat_id for row in rows] == [other, aside]
    assert [row.order for row in rows] == sorted(row.order for row in rows)
    assert rows[1].snooze == "until"


@pytest.mark.parametrize(
    ("choice", "what", "timed"),
    [("10m", "until", True), ("1h", "until", True), ("tomorrow", "until", True), ("client", "client", False)],
)
def test_one_press_sets_aside_and_one_takes_up_again(
    cast: Cast, dilshod: Client, choice: str, what: str, timed: bool
) -> None:
    chat_id = taken(cast, dilshod)
    desk = cast.aziza.browser
    assert desk.post(f"/chats/{chat_id}/aside/{choice}").headers["Location"] == f"/chats/{chat_id}"
    aside = waits.aside(chat_id)
    assert aside is not None
    assert (aside.what, aside.until is not None) == (what, timed)
    assert "data-aside" in desk.get(f"/chats/{chat_id}").text
    desk.post(f"/chats/{chat_id}/wake")
    assert waits.aside(chat_id) is None


def test_tomorrow_is_nine_oclock_in_tashkent(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    cast.aziza.browser.post(f"/chats/{chat_id}/aside/tomorrow")
    aside = waits.aside(chat_id)
    assert aside is not None and aside.until is not None
    there = aside.until.astimezone(clock.TASHKENT)
    assert (there.hour, there.minute) == (9, 0)
    assert there.date() == clock.business_day(clock.now()) + timedelta(days=1)


def test_a_chat_waits_for_the_bank_until_a_moment_of_tashkent(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    desk = cast.aziza.browser
    assert 'name="until"' in desk.get(f"/chats/{chat_id}/aside").text
    desk.post(f"/chats/{chat_id}/aside", {"what": "bank", "until": "2036-01-02T10:30"})
    aside = waits.aside(chat_id)
    assert aside is not None and aside.until is not None
    assert (aside.what, f"{aside.until.astimezone(clock.TASHKENT):%d.%m.%Y %H:%M}") == ("bank", "02.01.2036 10:30")


def test_why_it_waits_for_the_bank_is_told_to_colleagues_only(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    desk = cast.aziza.browser
    form = {"what": "bank", "until": "2036-01-02T10:30", "reason": "Kartalar boʻlimi javobini kutyapmiz"}
    assert desk.post(f"/chats/{chat_id}/aside", form).status_code == 303
    assert "Kartalar boʻlimi javobini kutyapmiz" in desk.get(f"/chats/{chat_id}").text
    kinds = "SELECT kind FROM message WHERE chat_id = :id AND kind <> 'client' AND kind <> 'bot'"
    assert list(db.session.scalars(text(kinds), {"id": chat_id})) == ["note"]


@pytest.mark.parametrize("until", ["", "soon", "2001-01-01T09:00"])
def test_a_moment_that_is_none_or_past_is_refused(cast: Cast, dilshod: Client, until: str) -> None:
    chat_id = taken(cast, dilshod)
    told = {"what": "until", "until": until}
    answer = cast.aziza.browser.post(f"/chats/{chat_id}/aside", told, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert waits.aside(chat_id) is None


def test_a_span_nobody_offers_is_not_found(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    assert cast.aziza.browser.post(f"/chats/{chat_id}/aside/2y").status_code == 404


def test_a_row_that_comes_back_is_pushed_without_its_mark(cast: Cast, dilshod: Client, listen: Listen) -> None:
    chat_id = taken(cast, dilshod)
    now = clock.now()
    snoozing.snooze(chat_id, Snooze.UNTIL, now + timedelta(minutes=1), viewer(cast.aziza), now)
    aziza = listen(cast.aziza)
    snoozing.wake(now + timedelta(minutes=2))
    rows = [data["html"] for name, data in aziza.heard() if name == "fragment" and f"row-{chat_id}" in data["html"]]
    assert rows
    assert "data-aside" not in rows[-1]


@pytest.mark.own_database
def test_waiting_is_coloured_by_the_administrators_thresholds(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod, minutes_ago=5)
    change({"desk.warn_seconds": "400", "desk.late_seconds": "900"}, SYSTEM, HERE, clock.now())
    settings.forget()
    row = chat_list.row(chat_id)
    assert row is not None
    assert (row.warn, row.late) == (400, 900)
    page = cast.aziza.browser.get("/chats").text
    assert 'data-warn="400" data-late="900"' in page
    assert 'data-level="calm"' in page
