"""Notifications: told, counted by the bell, found again, marked as read (clause 8.5)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.actions import notices, snoozing
from app.base import clock, wire
from app.models import notice as nouns
from app.models.chat import Snooze
from app.models.db import db, transaction
from app.queries import heard
from app.queries import notices as known
from tests.cast import Actor, Cast
from tests.news.newsroom import viewer_of
from tests.writes import Client

MOVED = nouns.NoticeKind("test.moved", "Chat № %(chat)s from %(name)s", "Moved to you")


@pytest.fixture(autouse=True)
def _declared(context: None) -> Iterator[None]:
    nouns.KINDS[MOVED.code] = MOVED
    yield
    del nouns.KINDS[MOVED.code]


def tell(*people: Actor, **words: Any) -> None:
    with transaction() as tx:
        notices.tell(tx, [one.id for one in people], MOVED, clock.now(), **{"name": "Dilshod", **words})


@pytest.mark.clause("8.5")
def test_each_person_is_told_once_and_the_bell_counts(cast: Cast) -> None:
    aziza, timur = cast.aziza, cast.timur
    tell(aziza, aziza, timur)
    assert (known.unread(aziza.id), known.unread(timur.id)) == (1, 1)
    count = aziza.browser.get("/me/bell/count").text
    assert ">1</span>" in count and count.strip() in aziza.browser.get("/me/").text


def test_whoever_is_there_hears_it_and_nobody_else(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    pushed: list[tuple[str, str, Any]] = []
    monkeypatch.setattr(wire, "emit", lambda event, data, room: pushed.append((event, room, data)))
    tell(cast.aziza)
    me = f"person:{cast.aziza.id}"
    assert [(event, room) for event, room, _data in pushed] == [("count", me), ("fragment", f"{me}:ru")]
    assert "Chat № … from Dilshod" in pushed[1][2]["html"]


def test_nothing_is_pushed_of_what_was_rolled_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    pushed, aziza = list[str](), cast.aziza
    monkeypatch.setattr(wire, "emit", lambda event, data, room: pushed.append(event))
    with pytest.raises(ZeroDivisionError), transaction() as tx:
        notices.tell(tx, [aziza.id], MOVED, clock.now(), name="Dilshod")
        raise ZeroDivisionError
    assert (pushed, known.unread(aziza.id)) == ([], 0)


def test_the_words_lie_sealed(cast: Cast) -> None:
    tell(cast.aziza)
    assert b"Dilshod" not in db.session.execute(text("SELECT words FROM notice")).scalar_one()


def test_opening_marks_as_read_and_leads_to_the_chat(app: Flask, cast: Cast) -> None:
    chat_id = Client(app).says("Salom")
    tell(cast.aziza, chat_id=chat_id)
    (told,) = known.newest(cast.aziza.id, 5)
    answer = cast.aziza.browser.post(f"/me/notifications/{told.id}/open")
    assert (answer.status_code, answer.location) == (303, f"/chats/{chat_id}")
    assert known.unread(cast.aziza.id) == 0


def test_a_colleague_neither_opens_nor_marks_what_is_not_his(cast: Cast) -> None:
    tell(cast.aziza)
    (told,) = known.newest(cast.aziza.id, 5)
    cast.timur.browser.post(f"/me/notifications/{told.id}/read")
    cast.timur.browser.post(f"/me/notifications/{told.id}/open")
    assert known.unread(cast.aziza.id) == 1
    assert "Dilshod" not in cast.timur.browser.get("/me/notifications").text


def test_all_are_marked_at_once(cast: Cast) -> None:
    tell(cast.aziza)
    tell(cast.aziza)
    cast.aziza.browser.post("/me/notifications/read-all")
    assert known.unread(cast.aziza.id) == 0


@pytest.mark.parametrize(
    ("asked", "found"),
    [("", 2), ("q=дилшод", 1), ("q=Nodira", 1), ("kind=test.moved", 2), ("kind=news", 0), ("read=yes", 0),
     ("read=no", 2), ("q=zzz", 0), ("since=2020-01-01&until=2020-01-31", 0), ("kind=nonsense", 2), ("since=never", 2)],
)  # fmt: skip
def test_the_history_is_filtered_and_searched_in_either_script(cast: Cast, asked: str, found: int) -> None:
    tell(cast.aziza, name="Dilshod")
    tell(cast.aziza, name="Нодира")
    page = cast.aziza.browser.get(f"/me/notifications?{asked}")
    assert page.status_code == 200
    assert page.text.count('<tr id="notice-') == found


def test_a_day_of_the_filter_is_a_day_of_tashkent(cast: Cast) -> None:
    aziza, evening = cast.aziza, clock.day_bounds(clock.business_day(clock.now()))[0] - timedelta(seconds=1)
    with transaction() as tx:
        notices.tell(tx, [aziza.id], MOVED, evening, name="Dilshod")
    day = clock.business_day(evening)
    viewer = viewer_of(aziza)
    assert len(heard.history(viewer, heard.Wish(since=day, until=day), clock.now())) == 1
    assert heard.history(viewer, heard.Wish(since=clock.business_day(clock.now())), clock.now()) == []


def test_the_history_turns_its_pages(cast: Cast) -> None:
    for _number in range(31):
        tell(cast.aziza)
    assert cast.aziza.browser.get("/me/notifications").text.count('<tr id="notice-') == 30
    assert cast.aziza.browser.get("/me/notifications?page=2").text.count('<tr id="notice-') == 1


@pytest.mark.clause("8.5")
def test_important_ones_that_were_missed_stand_before_the_desk(cast: Cast) -> None:
    aziza = cast.aziza
    with transaction() as tx:
        before = clock.now() - timedelta(hours=1)
        notices.tell(tx, [aziza.id], MOVED, before, important=True, name="Nodira")
    tell(aziza, important=True)  # came while she was there: the bell and a toast said it
    page = aziza.browser.get("/chats").text
    assert "from Nodira" in page and "from Dilshod" not in page.partition('class="gate"')[2]
    told = [one.id for one in known.newest(aziza.id, 5) if one.words["name"] == "Nodira"]
    assert aziza.browser.post("/me/notifications/read-missed", {"notice": told, "next": "/chats"}).location == "/chats"
    assert 'class="gate"' not in aziza.browser.get("/chats").text


def test_a_chat_that_comes_back_tells_its_owner(app: Flask, cast: Cast) -> None:
    aziza, now = cast.aziza, clock.now()
    chat_id = Client(app).says("Salom")
    aziza.browser.post(f"/chats/{chat_id}/take")
    snoozing.snooze(chat_id, Snooze.UNTIL, now + timedelta(minutes=10), viewer_of(aziza), now)
    snoozing.wake(now + timedelta(minutes=11))
    assert [one.chat_id for one in known.newest(aziza.id, 5) if one.kind == "chat.snooze_due"] == [chat_id]


def test_a_kind_without_all_its_words_is_still_said() -> None:
    assert MOVED.told({"name": "Dilshod"}) == "Chat № … from Dilshod"
    assert MOVED.name == "Moved to you"
