"""What an operator has at hand besides the talk: templates, emoji, editing, setting aside, searching the list."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from psycopg import Connection

from app.actions import snoozing
from app.base import clock
from tests.browser.conftest import PageOf
from tests.browser.test_desk import opened, press
from tests.cast import Cast
from tests.writes import Client


@pytest.mark.clause("9.4")
def test_a_template_is_put_in_by_the_keyboard_alone_on_a_russian_layout(
    app: Flask, cast: Cast, page_of: PageOf
) -> None:
    chat_id = Client(app).says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    area = page.locator("#text")
    area.focus()
    # On this layout the sign stands on another key; elsewhere in a line it is only a sign.
    area.evaluate(
        "one => one.dispatchEvent(new KeyboardEvent('keydown', { code: 'Backslash', key: '/', bubbles: true }))"
    )
    expect(page.locator("#find-template")).to_be_focused()
    page.keyboard.type("kartani blok")
    expect(page.locator("#offered .one")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(area).to_be_focused()
    expect(area).to_have_value("Сразу заблокируйте карту в приложении: «Карты» → «Заблокировать». "
                               "Если приложения нет, напишите об этом, и мы поможем.")  # fmt: skip
    page.keyboard.type(" 1/2")
    expect(page.locator("#picker")).to_have_count(0)
    press(page, "KeyT")
    expect(page.locator("#find-template")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(area).to_be_focused()
    press(page, "KeyJ")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(area).to_have_value(re.compile("1/2😃$"))


@pytest.mark.clause("9.4")
def test_what_is_being_written_is_saved_as_a_template(app: Flask, cast: Cast, page_of: PageOf) -> None:
    chat_id = Client(app).says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    page.locator("#text").fill("Filial soat 9 dan 18 gacha ishlaydi")
    page.locator("#templates").click()
    page.locator("#picker a[href$='/new']").click()
    expect(page.locator("#template-form [name=text]")).to_have_value("Filial soat 9 dan 18 gacha ishlaydi")
    page.locator("#template .primary").click()
    expect(page.locator("#template")).to_have_count(0)
    expect(page.locator("#offered .one").first).to_contain_text("Filial soat")


@pytest.mark.clause("1.2")
def test_a_sent_message_is_edited_in_the_field_and_esc_leaves_it(
    app: Flask, cast: Cast, page_of: PageOf, superuser: "Connection[Any]"
) -> None:
    chat_id = Client(app).says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    cast.aziza.browser.post(f"/chats/{chat_id}/say", {"text": "Karta tayor"})
    superuser.execute("UPDATE message SET state = 'sent' WHERE state IS NOT NULL")
    superuser.execute("UPDATE outbox SET state = 'sent'")
    aziza, botir = (opened(page_of(one), f"/chats/{chat_id}") for one in (cast.aziza, cast.botir))
    expect(botir.locator(".msg.mine .own")).to_be_hidden()
    area = aziza.locator("#text")
    area.fill("Yangi javob")
    for leaves in (True, False):
        aziza.locator(".msg.mine").hover()
        aziza.locator("[data-edits]").click()
        expect(aziza.locator("#editing")).to_be_visible()
        expect(area).to_have_value("Karta tayor")
        if leaves:
            aziza.keyboard.press("Escape")
            expect(aziza.locator("#editing")).to_be_hidden()
            expect(area).to_have_value("Yangi javob")
    area.fill("Karta ertaga tayor")
    aziza.keyboard.press("Enter")
    for page in (aziza, botir):
        expect(page.locator(".msg.mine > .text")).to_have_text("Karta ertaga tayor")
    expect(area).to_have_value("Yangi javob")
    aziza.locator(".msg.mine").hover()
    aziza.locator(".msg.mine .own button").click()
    aziza.locator("#confirm [data-yes]").click()
    expect(botir.locator(".msg.mine.gone")).to_contain_text("Karta ertaga tayor")


@pytest.mark.clause("8.7")
def test_a_chat_set_aside_is_marked_and_comes_back_with_a_sound(app: Flask, cast: Cast, page_of: PageOf) -> None:
    chat_id = Client(app).says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    page.evaluate("document.addEventListener('desk:back', () => { window.back = true; })")
    page.locator("#head details.menu > summary").click()
    page.locator("#head .item[formaction$='/aside/10m']").click()
    expect(page.locator(f"#row-{chat_id}[data-aside]")).to_be_visible()
    expect(page.locator("#head .wide-only [formaction$='/wake']")).to_be_visible()
    with app.app_context():
        snoozing.wake(clock.now() + timedelta(minutes=11))
    expect(page.locator(f"#row-{chat_id}:not([data-aside])")).to_be_visible()
    expect(page.locator("#head [formaction$='/wake']")).to_have_count(0)
    assert page.evaluate("window.back")


def test_a_client_is_searched_on_the_server_while_one_types(app: Flask, cast: Cast, page_of: PageOf) -> None:
    first, second = Client(app, "Dilshod").says("Salom"), Client(app, "Malika").says("Assalom")
    page = opened(page_of(cast.aziza), "/chats?tab=queue")
    page.locator("#find-chat").press_sequentially("малик", delay=20)
    expect(page.locator(f"#row-{first}")).to_have_count(0)
    expect(page.locator(f"#row-{second}")).to_be_visible()
    expect(page.locator("#find-chat")).to_be_focused()
    expect(page.locator("#find-chat")).to_have_value("малик")
    third = Client(app, "Malikа Rahimova").says("Salom")
    expect(page.locator(f"#rows-found #row-{third}")).to_be_visible()
    Client(app, "Rustam").says("Salom")
    expect(page.locator("#count-queue")).to_have_text("4")
    expect(page.locator("#rows-found > .row")).to_have_count(2)
    page.locator(".wished a").click()
    expect(page.locator("#rows-queue > .row")).to_have_count(4)
