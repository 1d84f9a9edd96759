"""A colleague named in a note, by the keyboard alone; the client of it hears nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from psycopg import Connection

from app.actions import channels
from app.actions.journal import HERE
from app.base import clock
from app.models.viewer import SYSTEM
from tests.browser.axe import axe
from tests.browser.conftest import PageOf
from tests.browser.desk_server import wait_until
from tests.browser.keyboards import Keyboard
from tests.browser.test_desk import opened
from tests.cast import Actor, Cast
from tests.peers import Peer, fake_telegram
from tests.writes import Client

pytestmark = pytest.mark.clause("8.1", "8.5")


@pytest.fixture
def telegram(app: Flask) -> Iterator[Peer]:
    """The bot of the clients to come is connected to it."""
    peer = fake_telegram()
    with app.app_context():
        channels.connect("telegram", channels.Wish("Bank bot", peer.token, peer.url), SYSTEM, HERE, clock.now())
    yield peer
    peer.stop()
    assert peer.violations == []


def noting(app: Flask, cast: Cast, page_of: PageOf) -> tuple[Client, Page]:
    """Aziza's chat with Dilshod, open before her in note mode."""
    dilshod = Client(app)
    cast.aziza.browser.post(f"/chats/{dilshod.says('Salom')}/take")
    page = opened(page_of(cast.aziza), f"/chats/{dilshod.chat_id}")
    page.locator("#text").focus()
    Keyboard(page, "latin").press("KeyI", alt=True)
    expect(page.locator("#composer")).to_have_attribute("data-mode", "note")
    return dilshod, page


def shared(superuser: "Connection[Any]", chat_id: int, actor: Actor) -> None:
    """The chat belongs to a group of this person's."""
    row = superuser.execute("INSERT INTO staff_group (names, position) VALUES ('{}', 9) RETURNING id").fetchone()
    assert row is not None
    superuser.execute("UPDATE standing SET group_id = %s WHERE chat_id = %s", [row[0], chat_id])
    superuser.execute("INSERT INTO group_member VALUES (%s, %s)", [row[0], actor.id])


def told(actor: Actor) -> str:
    return str(actor.browser.get("/me/bell/list").text)


def test_a_colleague_named_in_a_note_opens_the_chat_at_it_and_the_client_hears_nothing(
    app: Flask, cast: Cast, page_of: PageOf, telegram: Peer
) -> None:
    botir = cast.botir
    theirs = opened(page_of(botir), "/me/")
    dilshod, page = noting(app, cast, page_of)
    telegram.chat(dilshod.number)
    keyboard, area, active = Keyboard(page, "latin"), page.locator("#text"), page.locator("[aria-selected=true]")
    keyboard.type("@bo")
    expect(active).to_have_text(botir.name)
    assert area.get_attribute("aria-activedescendant") == active.get_attribute("id")
    axe(page)
    keyboard.press("Enter")
    expect(area).to_have_value(f"@{botir.name} ")
    expect(page.locator("#colleagues")).to_have_count(0)
    keyboard.type("limit?")
    keyboard.press("Enter")
    expect(page.locator(".msg.note .text")).to_have_text(f"@{botir.name} limit?")
    expect(theirs.locator("#bell-count")).to_have_text("1")
    theirs.locator("#bell > summary").click()
    line = theirs.locator("#bell-list .line")
    expect(line).to_contain_text(cast.aziza.name)
    expect(line).not_to_contain_text("limit")
    line.click()
    theirs.wait_for_url(f"**/chats/{dilshod.chat_id}?at=*")
    expect(theirs.locator(".msg.note .text")).to_be_in_viewport()
    expect(theirs.locator("#bell-count")).to_have_text("0")
    keyboard.press("KeyI", alt=True)
    area.fill("Hozir qarayman")
    keyboard.press("Enter")
    wait_until(lambda: telegram.calls("sendMessage"), 30)
    assert [call["params"]["text"] for call in telegram.calls("sendMessage")] == ["Hozir qarayman"]


def test_the_button_arrows_tab_mouse_and_escape(
    app: Flask, cast: Cast, page_of: PageOf, superuser: "Connection[Any]"
) -> None:
    timur, botir = cast.timur, cast.botir
    dilshod, page = noting(app, cast, page_of)
    shared(superuser, dilshod.chat_id, timur)
    keyboard, area = Keyboard(page, "russian"), page.locator("#text")
    button, options = page.locator("#mention"), page.locator("#colleagues [role=option]")
    button.click()
    expect(options).to_have_text([botir.name, timur.name])
    keyboard.press("ArrowDown")
    keyboard.press("Tab")
    expect(area).to_have_value(f"@{timur.name} ")
    expect(area).to_be_focused()
    button.click()
    keyboard.type("бот")
    expect(options).to_have_count(1)
    options.click()
    expect(area).to_have_value(f"@{timur.name} @{botir.name} ")
    expect(area).to_be_focused()
    button.click()
    expect(options).to_have_count(2)
    keyboard.press("Escape")
    expect(options).to_have_count(0)
    keyboard.type("ти")
    keyboard.press("Enter")
    expect(page.locator(".msg.note .text")).to_have_text(f"@{timur.name} @{botir.name} @ти")
    assert all(cast.aziza.name in told(one) for one in (botir, timur))


def test_enter_that_comes_before_the_list_names_the_first_and_sends_nothing(
    app: Flask, cast: Cast, page_of: PageOf
) -> None:
    botir = cast.botir
    _dilshod, page = noting(app, cast, page_of)
    keyboard = Keyboard(page, "latin")
    keyboard.type("@bo")
    keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value(f"@{botir.name} ")
    assert page.locator(".msg.note").count() == 0


def test_a_name_nobody_has_is_told_and_does_not_end_the_note(app: Flask, cast: Cast, page_of: PageOf) -> None:
    cast.botir  # noqa: B018 - he comes to work
    _dilshod, page = noting(app, cast, page_of)
    keyboard, area = Keyboard(page, "latin"), page.locator("#text")
    keyboard.type("@zzz")
    expect(page.locator("#colleagues")).to_contain_text("Esc")
    expect(page.locator("#colleagues [role=option]")).to_have_count(0)
    keyboard.press("Enter")
    keyboard.type("z")
    expect(area).to_have_value("@zzzz")
    expect(page.locator("#composer")).to_have_attribute("data-mode", "note")
    expect(page.locator("#colleagues")).to_be_visible()
    axe(page)
    keyboard.press("Escape")
    expect(page.locator("#colleagues")).to_have_count(0)
    keyboard.press("Enter")
    expect(page.locator(".msg.note .text")).to_have_text("@zzzz")


def test_an_answer_to_the_client_offers_no_colleagues(app: Flask, cast: Cast, page_of: PageOf) -> None:
    cast.botir  # noqa: B018 - he comes to work
    _dilshod, page = noting(app, cast, page_of)
    keyboard = Keyboard(page, "latin")
    expect(page.locator("#mention")).to_be_visible()
    keyboard.press("KeyI", alt=True)
    expect(page.locator("#mention")).to_be_hidden()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_response(lambda response: response.url.endswith("/draft")):
        keyboard.type("@bo")
    assert not [url for url in asked if "colleagues" in url]


def test_namesakes_are_told_apart_and_both_hear_of_the_note(
    app: Flask, cast: Cast, page_of: PageOf, superuser: "Connection[Any]"
) -> None:
    timur, botir = cast.timur, cast.botir
    superuser.execute("UPDATE person SET name = %s WHERE id = %s", [botir.name, timur.id])
    dilshod, page = noting(app, cast, page_of)
    shared(superuser, dilshod.chat_id, timur)
    keyboard, area = Keyboard(page, "latin"), page.locator("#text")
    called = [f"{botir.name} ({one.login})" for one in sorted((timur, botir), key=lambda one: one.id)]
    for one in called:
        page.locator("#mention").click()
        expect(page.locator("#colleagues [role=option]")).to_have_text(called)
        page.locator("#colleagues [role=option]", has_text=one).click()
    expect(area).to_have_value(f"@{called[0]} @{called[1]} ")
    keyboard.press("Enter")
    expect(page.locator(".msg.note")).to_have_count(1)
    assert all(cast.aziza.name in told(one) for one in (botir, timur))
