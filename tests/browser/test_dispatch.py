"""Giving chats to people, in a real browser: an offer accepted by key, an operator stopped by a supervisor."""

import time

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import text

from app.actions import routing
from app.base import clock
from app.models.db import db, transaction
from app.models.viewer import Viewer
from app.queries import settings as stored
from app.queries import viewer as viewers
from tests.browser.conftest import PageOf
from tests.browser.test_desk import opened, press
from tests.cast import Actor, Cast
from tests.writes import Client

_ACTIVE = """
    UPDATE status_span SET status_id = (SELECT id FROM work_status WHERE takes_new_chats ORDER BY position LIMIT 1)
     WHERE person_id = :id AND ended_at IS NULL
"""
_MODE = "INSERT INTO setting (key, value, changed_at) VALUES ('routing.mode', '\"offer\"', now())"


def run(app: Flask, *statements: str, **values: object) -> None:
    with app.app_context(), transaction():
        for statement in statements:
            db.session.execute(text(statement), values)
    stored.forget()


@pytest.mark.clause("8.2")
def test_an_offered_chat_is_accepted_by_its_key(app: Flask, cast: Cast, page_of: PageOf) -> None:
    run(app, _ACTIVE, id=cast.aziza.id)
    run(app, _MODE, "UPDATE setting_version SET number = number + 1")
    time.sleep(2.2)  # every process knows a changed setting after two seconds
    page = opened(page_of(cast.aziza), "/chats")
    chat_id = Client(app).says("Здравствуйте, карта не работает")
    expect(page.locator(f"#offer-{chat_id}")).to_be_visible(timeout=20_000)
    expect(page.locator("#offers [data-until]")).to_be_visible()
    assert page.locator("#offers").evaluate("one => one.scrollWidth <= one.clientWidth")

    press(page, "KeyA", "ф")

    page.wait_for_url(f"**/chats/{chat_id}")
    expect(page.locator("#offers .offer")).to_have_count(0)
    expect(page.locator("#text")).to_be_visible()


@pytest.mark.clause("7.7")
def test_a_supervisor_stops_an_operator_and_his_page_is_locked(app: Flask, cast: Cast, page_of: PageOf) -> None:
    chat_id = Client(app).says("Здравствуйте")
    with app.app_context():
        routing.take(chat_id, _viewer(cast.timur), clock.now())
    his = opened(page_of(cast.timur), f"/chats/{chat_id}")
    expect(his.locator("#composer")).to_be_visible()
    board = opened(page_of(cast.botir), "/watch/operators")

    board.locator(f"#operator-{cast.timur.id} a.danger").click()
    board.fill("#reason", "Qoʻpol javob")
    board.locator("select#to").select_option("queue")
    board.locator(".board form button[type=submit]").click()

    expect(board.locator("button[formaction$='/undo']")).to_be_visible()
    expect(his.locator(f"#row-{chat_id}")).to_have_count(0, timeout=10_000)
    expect(his.locator("#composer")).to_have_count(0)


def _viewer(actor: Actor) -> Viewer:
    past = clock.now().replace(year=2020)
    found = viewers.of_session(actor.browser.token, idle_since=past, absolute_since=past)
    assert found is not None
    return found
