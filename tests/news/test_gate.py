"""What must be read stands before the desk, and never locks anybody in (clause 8.5)."""

from datetime import timedelta

import pytest

from app.base import clock, wire
from app.models.news import Importance
from tests.cast import Cast
from tests.news.newsroom import TITLE, published

pytestmark = pytest.mark.usefixtures("context")
GATE = 'class="gate"'


@pytest.mark.clause("8.5")
def test_the_desk_opens_when_each_is_confirmed(cast: Cast) -> None:
    aziza, now = cast.aziza, clock.now()
    first = published(cast.botir, now - timedelta(minutes=2), "Первая", must_read=True)
    second = published(cast.botir, now - timedelta(minutes=1), "Вторая", must_read=True)
    page = aziza.browser.get("/chats").text
    assert GATE in page and "Первая" in page and "Вторая" not in page and 'id="list"' not in page
    answer = aziza.browser.post(f"/me/news/{first}/confirm", {"next": "/chats"})
    assert (answer.status_code, answer.location) == (303, "/chats")
    assert "Вторая" in aziza.browser.get("/chats").text
    aziza.browser.post(f"/me/news/{second}/confirm")
    assert GATE not in aziza.browser.get("/chats").text


def test_urgent_news_comes_first_and_is_always_to_be_confirmed(cast: Cast) -> None:
    aziza, now = cast.aziza, clock.now()
    published(cast.botir, now - timedelta(minutes=2), "Первая", must_read=True)
    published(cast.botir, now - timedelta(minutes=1), "Срочная", importance=Importance.URGENT)
    assert "Срочная" in aziza.browser.get("/chats").text


def test_usual_news_stands_in_nobodys_way(cast: Cast) -> None:
    published(cast.botir, importance=Importance.IMPORTANT)
    assert GATE not in cast.aziza.browser.get("/chats").text


def test_ones_own_pages_and_signing_out_are_never_behind_it(cast: Cast) -> None:
    aziza = cast.aziza
    published(cast.botir, must_read=True)
    for url in ("/me/", "/me/notifications", "/me/sessions", "/me/numbers"):
        page = aziza.browser.get(url)
        assert page.status_code == 200 and GATE not in page.text, url
    assert aziza.browser.post("/sign-out").status_code == 303


def test_parts_of_a_page_that_was_let_through_are_fetched_on(cast: Cast) -> None:
    published(cast.botir, must_read=True)
    assert GATE not in cast.aziza.browser.get("/chats/list?tab=mine", headers={"HX-Request": "true"}).text


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_confirming_leads_nowhere_else(cast: Cast, there: str) -> None:
    number = published(cast.botir, must_read=True)
    assert cast.aziza.browser.post(f"/me/news/{number}/confirm", {"next": there}).location == "/me/notifications"


@pytest.mark.clause("8.5")
def test_urgent_news_is_pushed_over_the_open_desk(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    aziza = cast.aziza
    pushed: dict[str, dict[str, str]] = {}
    monkeypatch.setattr(wire, "emit", lambda event, data, room: pushed.update({f"{event} {room}": data}))
    number = published(cast.botir, importance=Importance.URGENT)
    window = pushed[f"fragment person:{aziza.id}:ru"]
    assert window["list"] == "before-work" and TITLE in window["html"]
    assert window["html"] == aziza.browser.get("/me/before-work").text.strip()
    assert not any("fragment" in name and str(cast.botir.id) in name for name in pushed), "its author knows it"
    answer = aziza.browser.post(f"/me/news/{number}/confirm", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.text) == (200, "")
    assert aziza.browser.get("/me/before-work").status_code == 204


def test_nobody_confirms_what_is_not_for_him(cast: Cast) -> None:
    number = published(cast.botir, from_at=clock.now() + timedelta(days=1))
    assert cast.aziza.browser.post(f"/me/news/{number}/confirm").status_code in (303, 404)
    assert f'id="news-{number}"' not in cast.aziza.browser.get("/me/notifications").text
