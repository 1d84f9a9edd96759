"""The history in a real browser: found in any script, opened at the message, continued where the channel lets one."""

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
from tests.browser.keyboards import Keyboard
from tests.browser.test_desk import opened
from tests.browser.watch import Faults
from tests.cast import Cast
from tests.memory.conftest import remember
from tests.peers import Peer, fake_telegram
from tests.writes import Client

pytestmark = pytest.mark.clause("8.4")

ASKED = {"ru": "карта банкомат", "uz_Latn": "kartam bankomatda", "uz_Cyrl": "картам банкоматда"}
SIZES = [(1366, 768), (390, 844)]
HX = {"HX-Request": "true"}


@pytest.fixture
def telegram() -> Iterator[Peer]:
    peer = fake_telegram()
    yield peer
    peer.stop()
    assert peer.violations == []


def known(app: Flask, client: Client, *said: str) -> int:
    """What was said, and that it can be found."""
    for words in said:
        client.says(words)
    with app.app_context():
        remember()
    return client.chat_id


def bank_bot(app: Flask, telegram: Peer) -> None:
    """The bot of the clients to come, connected to a Telegram of the test."""
    with app.app_context():
        wish = channels.Wish("Bank bot", telegram.token, telegram.url)
        channels.connect("telegram", wish, SYSTEM, HERE, clock.now())


def finished(cast: Cast, chat_id: int) -> None:
    browser = cast.aziza.browser
    browser.post(f"/chats/{chat_id}/take")
    browser.post(f"/chats/{chat_id}/finish", {"outcome": "solved", "later": "1"}, headers=HX)


def find(page: Page, words: str) -> None:
    page.locator("#find-history").fill(words)
    page.locator("#find-history").press("Enter")
    page.wait_for_url("**/history?*")


@pytest.mark.parametrize("locale", ASKED)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_word_in_any_script_finds_the_same_chat_and_opens_at_the_message(
    app: Flask, cast: Cast, page_of: PageOf, locale: str, width: int, height: int
) -> None:
    client = Client(app)
    hay = [f"boshqa gap {number}" for number in range(12)]
    chat_id = known(app, client, *hay, "Kartamni bankomat yutib qoʻydi", *hay)
    known(app, Client(app, "Malika"), "Kredit olmoqchiman")
    page = opened(page_of(cast.botir, width, height, locale=locale), "/history")
    find(page, ASKED[locale])
    hit = page.locator(".hit", has=page.locator("mark"))
    expect(hit).to_have_count(1)
    assert hit.locator("mark").all_inner_texts() == ["Kartamni", "bankomat"]
    axe(page)
    hit.press("Enter")
    page.wait_for_url(f"**/chats/{chat_id}?at=*")
    message = page.locator(".msg", has_text="bankomat yutib")
    expect(message).to_be_in_viewport()


def test_the_whole_page_is_used_by_the_keyboard(app: Flask, cast: Cast, page_of: PageOf) -> None:
    chat_id = known(app, Client(app), "Моя карта потерялась")
    page = opened(page_of(cast.botir), "/history")
    keyboard = Keyboard(page, "russian")
    expect(page.locator("#find-history")).to_be_focused()
    keyboard.type("карту")
    keyboard.press("Enter")
    page.wait_for_url("**/history?*")
    hit = page.locator(".hit mark")
    expect(hit).to_have_text("карта")
    for _ in range(30):
        if page.evaluate("document.activeElement.matches('.hit')"):
            break
        keyboard.press("Tab")
    keyboard.press("Enter")
    page.wait_for_url(f"**/chats/{chat_id}?at=*")


def test_filters_narrow_and_are_kept_while_paging(app: Flask, cast: Cast, page_of: PageOf) -> None:
    client = Client(app)
    known(app, client, *[f"страница {number}" for number in range(25)])
    finished(cast, client.chat_id)
    page = opened(page_of(cast.botir), "/history")
    page.locator("[name=outcome]").select_option("solved")
    page.locator("[name=owner]").select_option(label="Азиза Каримова")
    find(page, "страница")
    expect(page.locator(".hit mark")).to_have_count(20)
    page.locator(".pager a").last.click()
    page.wait_for_url("**after=*")
    expect(page.locator(".hit mark")).to_have_count(5)
    expect(page.locator("[name=outcome]")).to_have_value("solved")
    axe(page)
    page.locator(".pager a").first.click()
    expect(page.locator(".hit mark")).to_have_count(20)
    page.locator("[name=outcome]").select_option("spam")
    find(page, "страница")
    expect(page.locator(".hit")).to_have_count(0)
    expect(page.locator(".empty")).to_be_visible()
    axe(page)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_very_many_chats_come_by_pages(
    app: Flask, cast: Cast, page_of: PageOf, superuser: "Connection[Any]", width: int, height: int
) -> None:
    client = Client(app, "Очень-Длинная-Фамилия " * 6)
    chat_id = client.says("Salom")
    superuser.execute(
        "INSERT INTO episode"
        " (chat_id, number, direction, type, channel_id, identity_id, arrived_at, closed_at, outcome)"
        " SELECT chat_id, number + n, direction, type, channel_id, identity_id, arrived_at - n * interval '1 hour',"
        " arrived_at, 'solved' FROM episode, generate_series(1, 40) n WHERE chat_id = %s",
        [chat_id],
    )
    page = opened(page_of(cast.botir, width, height), "/history")
    expect(page.locator(".hit")).to_have_count(30)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    axe(page)
    page.locator(".pager a").last.click()
    expect(page.locator(".hit")).to_have_count(11)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_an_empty_history_says_what_will_stand_here(cast: Cast, page_of: PageOf, width: int, height: int) -> None:
    page = opened(page_of(cast.aziza, width, height), "/history")
    expect(page.locator(".empty")).to_be_visible()
    axe(page)


def test_who_may_not_read_chats_is_refused(cast: Cast, page_of: PageOf, faults: Faults) -> None:
    page = page_of(cast.sardor)
    answer = page.goto("/history")
    assert answer is not None and answer.status == 403
    expect(page.locator(".hit")).to_have_count(0)
    faults.clear()


@pytest.mark.clause("9.4")
def test_a_finished_chat_is_continued_in_telegram(app: Flask, cast: Cast, page_of: PageOf, telegram: Peer) -> None:
    bank_bot(app, telegram)
    client = Client(app)
    telegram.chat(client.number)
    chat_id = known(app, client, "Karta qachon tayyor boʻladi?")
    finished(cast, chat_id)
    page = opened(page_of(cast.aziza), "/history")
    find(page, "карта")
    page.locator(".hit", has=page.locator("mark")).click()
    page.locator("#write-first").click()
    page.locator("#text").fill("Здравствуйте, карта готова")
    page.locator("#text").press("Enter")
    expect(page.locator(".msg.mine .text")).to_have_text("Здравствуйте, карта готова")
    expect(page.locator(".msg.mine [data-state=sent], .msg.mine[data-state=sent]")).to_have_count(1)
    assert [one["params"]["text"] for one in telegram.calls("sendMessage")][-1:] == ["Здравствуйте, карта готова"]


@pytest.mark.clause("9.4")
def test_a_client_who_has_blocked_the_bot_is_not_written_to_and_the_desk_says_why(
    app: Flask, cast: Cast, page_of: PageOf, superuser: "Connection[Any]", telegram: Peer, faults: Faults
) -> None:
    bank_bot(app, telegram)
    chat_id = known(app, Client(app), "Salom")
    finished(cast, chat_id)
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    expect(page.locator("#write-first")).to_be_visible()
    superuser.execute("UPDATE identity SET blocked_us_at = now()")
    page.locator("#write-first").click()
    why = "Клиент заблокировал бота"
    expect(page.locator(".toast")).to_contain_text(why)
    page.reload()
    expect(page.locator("#composer")).to_contain_text(why)
    expect(page.locator("#write-first")).to_have_count(0)
    axe(page)
    assert telegram.calls("sendMessage") == []
    faults.clear()
