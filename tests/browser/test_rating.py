"""Rating in real browsers: the card on the bank's site, and the signed page on a phone (clause 9.6)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import text

from app.actions import asking, closing
from app.base import clock
from app.models.chat import Outcome
from app.models.db import db, transaction
from app.models.viewer import Viewer
from app.queries import ratings
from tests.browser.axe import axe
from tests.browser.bank_site import answer, bank, bank_server, frame_of, opened, taken, write
from tests.browser.conftest import SECONDS, PageOf
from tests.browser.desk_server import DeskServer
from tests.cast import Cast
from tests.road.conftest import viewer_of

__all__ = ["bank", "bank_server"]
pytestmark = pytest.mark.clause("9.6")
expect.set_options(timeout=SECONDS * 1000)


@pytest.fixture(autouse=True)
def asking_aloud(app: Flask) -> Iterator[None]:
    """Only the question is said by itself here."""
    _switch(app, "NULL")
    yield
    _switch(app, "now()")


def _switch(app: Flask, archived: str) -> None:
    with app.app_context(), transaction():
        db.session.execute(text(f"UPDATE auto_reply SET archived_at = {archived} WHERE kind = 'rating'"))


def closed(app: Flask, cast: Cast) -> None:
    with app.app_context():
        aziza: Viewer = viewer_of(cast.aziza)
        chat_id = db.session.execute(text("SELECT chat_id FROM standing")).scalar_one()
        db.session.rollback()
        closing.finish(chat_id, Outcome.SOLVED, [], "", aziza, clock.now())
        asking.ask(clock.now())
        db.session.remove()


def test_the_card_on_the_site_is_filled_in_and_thanked_for(app: Flask, cast: Cast, page_of: PageOf, bank: str) -> None:
    client = page_of(None)
    chat = opened(client, f"{bank}?lang=uz")
    write(chat, "Salom")
    expect(chat.locator(".msg.mine[data-client]")).to_have_count(1)
    desk = taken(app, cast.aziza, page_of(cast.aziza))
    answer(desk, "Mana javob")
    expect(chat.locator(".msg.client .text").last).to_have_text("Mana javob")
    closed(app, cast)
    card = chat.locator(".ask")
    expect(card).to_be_visible()
    axe(frame_of(client))  # type: ignore[arg-type]
    card.locator("textarea").fill("Tez javob berishdi")
    card.locator("label", has_text="4").first.click()
    card.locator("[data-rate]").click()
    expect(chat.locator(".ask[data-stage=done]")).to_be_visible()
    axe(frame_of(client))  # type: ignore[arg-type]
    with app.app_context():
        assert db.session.execute(text("SELECT mark FROM rating")).scalar_one() == 4
        db.session.remove()
    chat.locator("#again button").click()
    expect(chat.locator("#state[data-open]")).to_be_attached()
    expect(desk.locator("#flow .event", has_text="4")).to_have_count(1)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768)])
def test_the_signed_page_is_answered_on_a_phone_and_a_desktop(
    app: Flask, cast: Cast, page_of: PageOf, bank: str, desk_server: DeskServer, width: int, height: int
) -> None:
    client = page_of(None)
    chat = opened(client, f"{bank}?lang=ru")
    write(chat, "Здравствуйте")
    expect(chat.locator(".msg.mine[data-client]")).to_have_count(1)
    answer(taken(app, cast.aziza, page_of(cast.aziza)), "Вот ответ")
    closed(app, cast)
    with app.app_context():
        found = ratings.one(db.session.execute(text("SELECT max(id) FROM rating")).scalar_one())
        db.session.remove()
    assert found is not None and replace(found).mark is None
    client.set_viewport_size({"width": width, "height": height})
    client.goto(desk_server.url + ratings.link(found.id, found.asked_at))
    axe(client)
    assert client.evaluate("document.documentElement.scrollWidth <= innerWidth")
    client.keyboard.press("Tab")
    client.locator("input[value='5']").check()
    client.locator("textarea").fill("Спасибо")
    client.locator("form.ask button[type=submit]").click()
    expect(client.locator("h1")).to_be_visible()
    expect(client.locator("input[type=radio]")).to_have_count(0)
    axe(client)
