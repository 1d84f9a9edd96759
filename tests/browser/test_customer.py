"""The person behind the message: the card by the keyboard; a dialogue that moves between channels with one number."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import text

from app.actions import channels, intake
from app.actions.journal import HERE
from app.base import clock
from app.channels.contract import Raw
from app.models.db import db, transaction
from app.models.viewer import SYSTEM
from deploy.demo.simulator import Simulator
from tests.browser.axe import axe
from tests.browser.bank_site import answer, bank, bank_server, chat_of, opened, taken, write
from tests.browser.conftest import SECONDS, PageOf
from tests.browser.watch import Faults
from tests.cast import Cast
from tests.road.conftest import message
from tests.writes import Client

__all__ = ["bank", "bank_server"]  # fixtures of this file alone
expect.set_options(timeout=SECONDS * 1000)
DILSHOD = 4242
Says = Callable[[str], None]


@pytest.fixture
def says(app: Flask, bank: str, bank_server: Simulator) -> Says:
    """Dilshod in Telegram writes to the bank's bot, where the site's clients may go on."""
    bank_server.cloud.join({"id": DILSHOD, "is_bot": False, "first_name": "Dilshod"})
    with app.app_context(), transaction():
        wish = channels.Wish("Bank bot", bank_server.token, bank_server.url)
        channel = channels.connect("telegram", wish, SYSTEM, HERE, clock.now())
        channel.username, channel_id = "bank_bot", channel.id
        where = {"bot": channel_id, "page": bank}
        db.session.execute(text("UPDATE webchat SET bot_id = :bot, page_url = :page"), where)

    def say(words: str) -> None:
        update = message(words, of=DILSHOD)
        with app.app_context():
            intake.accept(channel_id, "telegram", [Raw(str(update["update_id"]), update)], clock.now())
            intake.take(clock.now())
            db.session.remove()

    return say


def link_in(page: Page, pattern: str) -> str:
    found = re.findall(pattern, page.locator("#flow").inner_text())
    assert found
    return str(found[-1])


@pytest.mark.clause("1.5", "9.2", "15.2")
def test_the_card_is_edited_by_the_keyboard_alone(app: Flask, cast: Cast, page_of: PageOf) -> None:
    chat_id = Client(app).says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = page_of(cast.aziza)
    page.goto(f"/chats/{chat_id}")
    for part, words in (("name", "Дилшод Каримов"), ("phone", "90 123 45 67")):
        page.focus(f"#edit-{part}")
        page.keyboard.press("Enter")
        expect(page.locator(f"#card input[name={part}]")).to_be_focused()
        page.keyboard.press("Control+a")
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        expect(page.locator(f"#edit-{part}")).to_be_focused()
    page.focus("#edit-note")
    page.keyboard.press("Enter")
    expect(page.locator("#card textarea[name=note]")).to_be_focused()
    page.keyboard.type("Звонить утром")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for shown in ("Дилшод Каримов", "+998 90 123-45-67", "Звонить утром"):
        expect(page.locator("#card")).to_contain_text(shown)
    expect(page.locator("#head h1")).to_contain_text("Дилшод")
    axe(page)


@pytest.mark.clause("1.5")
def test_a_colleagues_change_is_told_and_does_not_replace_what_is_being_typed(
    app: Flask, cast: Cast, page_of: PageOf
) -> None:
    chat_id = Client(app).says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = page_of(cast.aziza)
    page.goto(f"/chats/{chat_id}")
    expect(page.locator("#wire")).to_have_attribute("data-state", "online")
    page.locator("#edit-name").click()
    page.locator("#card input[name=name]").fill("Пишу…")
    cast.botir.browser.post(f"/chats/{chat_id}/customer/name", {"name": "Ботир назвал", "version": 0})
    expect(page.locator("#card-news")).to_contain_text("Ботир")
    expect(page.locator("#card input[name=name]")).to_have_value("Пишу…")
    page.locator("#card form.part button[type=submit]").click()
    expect(page.locator("#card")).to_contain_text("Пишу…")
    expect(page.locator("#card .notice")).to_contain_text("Ботир")


@pytest.mark.clause("15.3.3", "1.5")
def test_a_dialogue_moves_from_the_site_to_telegram_and_back_with_one_number(
    app: Flask, cast: Cast, page_of: PageOf, bank: str, says: Says, faults: Faults
) -> None:
    client = page_of(None)
    chat = opened(client, f"{bank}?lang=ru")
    write(chat, "Здравствуйте")
    expect(chat.locator(".msg.mine[data-client]")).to_have_count(1)
    desk = taken(app, cast.aziza, page_of(cast.aziza))
    number = desk.url.rpartition("/")[2]

    chat.locator("header summary").click()
    chat.locator("#move").click()
    way = chat.locator("#way a")
    expect(way).to_be_focused()
    says(f"/start {str(way.get_attribute('href')).partition('start=')[2]}")
    says("Теперь я в Telegram")
    expect(desk.locator("#flow")).to_contain_text("Теперь я в Telegram")
    expect(chat.locator("#flow")).to_contain_text("Telegram")

    desk.goto(f"/chats/{number}/continue")
    axe(desk)
    desk.locator("#continue-form input[type=radio]").first.check()
    desk.locator("#continue .foot button[type=submit]").click()
    expect(desk.locator("#flow .msg.mine").last).to_contain_text("muloqot=")
    link = link_in(desk, r"http://\S+muloqot=[\w-]+")
    phone = page_of(None, 390, 844)
    phone.goto(link)
    expect(chat_of(phone).locator("#text")).to_be_enabled()
    expect(chat_of(phone).locator("#flow .event").last).to_be_visible()
    assert "muloqot=" not in phone.url
    write(chat_of(phone), "А теперь с телефона")
    expect(desk.locator("#flow")).to_contain_text("А теперь с телефона")
    answer(desk, "Вижу вас везде")
    expect(chat_of(phone).locator("#flow")).to_contain_text("Вижу вас везде")
    assert desk.url.rpartition("/")[2] == number

    again = page_of(None)
    again.goto(link)
    expect(chat_of(again).locator("#refused")).to_be_visible()
    faults.clear()  # the browser says that the link was refused


@pytest.mark.clause("1.5", "9.2")
def test_two_clients_are_merged_after_a_look_at_both_and_parted_again(app: Flask, cast: Cast, page_of: PageOf) -> None:
    stays, comes = Client(app, "Dilshod").says("birinchi"), Client(app, "Dilshod aka").says("ikkinchi")
    page = page_of(cast.botir)
    page.goto(f"/chats/{stays}/merge/{comes}")
    expect(page.locator("#merge .sides section")).to_have_count(2)
    axe(page)
    page.locator("#merge .foot button[type=submit]").click()
    expect(page.locator("#flow")).to_contain_text("ikkinchi")
    page.goto(f"/chats/{comes}")
    assert page.url.endswith(f"/chats/{stays}")
    # As after dragging its corner; htmx must not write the attribute into what it puts there instead.
    page.locator("#text").evaluate("text => { text.style.height = '90px'; }")
    page.locator("#card button[formaction*=unmerge]").click()
    page.locator("dialog[open] .foot .primary").click()
    expect(page.locator("#flow")).not_to_contain_text("ikkinchi")
