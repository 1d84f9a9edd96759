"""The operator's day in a real browser: take, answer, note, finish; keys on any layout; two at one chat."""

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PageOf
from tests.browser.watch import Faults
from tests.cast import Cast
from tests.writes import Client

# The letters that the physical keys N, Q, I, T and J give on a Russian (and Uzbek Cyrillic) layout.
RUSSIAN = {"KeyN": "т", "KeyQ": "й", "KeyI": "ш", "KeyT": "е", "KeyJ": "о"}


def opened(page: Page, address: str) -> Page:
    """Loaded, its socket connected and in its rooms."""
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("data-wire", "online")
    return page


def press(page: Page, code: str, key: str = "") -> None:
    """Alt and a place on the keyboard, as a layout would give it."""
    page.evaluate(
        "([code, key]) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', "
        "{ code, key, altKey: true, bubbles: true, cancelable: true }))",
        [code, key or RUSSIAN[code]],
    )


def talk(page: Page) -> str:
    return page.locator("#flow").inner_text()


@pytest.mark.clause("8.1", "8.7")
def test_a_chat_is_taken_answered_and_finished_by_the_keyboard_on_a_russian_layout(
    app: Flask, cast: Cast, page_of: PageOf
) -> None:
    dilshod = Client(app)
    chat_id = dilshod.says("Kartam ishlamayapti")
    page = opened(page_of(cast.aziza), "/chats")
    press(page, "KeyN")
    page.wait_for_url(f"**/chats/{chat_id}")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("Bir daqiqa")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("tekshiraman")
    page.keyboard.press("Enter")
    expect(page.locator(".msg.mine .text")).to_have_text("Bir daqiqa\ntekshiraman")
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator(f"#row-{chat_id} .wait:not([data-level])")).to_be_visible()
    press(page, "KeyQ")
    expect(page.locator("#finish")).to_be_visible()
    page.locator("#finish .away").click()
    expect(page.locator("#composer textarea")).to_have_count(0)
    expect(page.locator(f"#row-{chat_id}")).to_have_count(0)


@pytest.mark.clause("8.1")
def test_a_clients_word_is_drawn_into_the_open_chat_and_the_order_follows(
    app: Flask, cast: Cast, page_of: PageOf
) -> None:
    first, second = Client(app, "Dilshod"), Client(app, "Malika")
    for client in (first, second):
        cast.aziza.browser.post(f"/chats/{client.says('Salom')}/take")
    page = opened(page_of(cast.aziza), f"/chats/{first.chat_id}")
    page.locator("#text").fill("Salom!")
    page.keyboard.press("Enter")
    expect(page.locator(".rows .row").first).to_have_attribute("id", f"row-{second.chat_id}")
    first.says("Kartam bloklandi")
    expect(page.locator("#flow")).to_contain_text("Kartam bloklandi")
    expect(page.locator(f"#row-{first.chat_id} .wait[data-level]")).to_be_visible()
    assert page.locator(".rows .row[aria-current]").get_attribute("id") == f"row-{first.chat_id}"


def test_a_note_is_yellow_until_it_is_left(app: Flask, cast: Cast, page_of: PageOf) -> None:
    chat_id = Client(app).says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    page.locator("#text").focus()
    press(page, "KeyI")
    expect(page.locator("#composer")).to_have_attribute("data-mode", "note")
    page.keyboard.type("Проверить лимит")
    page.keyboard.press("Enter")
    expect(page.locator(".msg.note .text")).to_have_text("Проверить лимит")
    expect(page.locator("#composer")).to_have_attribute("data-mode", "note")
    assert page.locator(".msg.mine").count() == 0
    yellow = page.locator("#composer .box").evaluate("one => getComputedStyle(one).backgroundColor")
    press(page, "KeyI")
    expect(page.locator("#composer")).to_have_attribute("data-mode", "reply")
    assert page.locator("#composer .box").evaluate("one => getComputedStyle(one).backgroundColor") != yellow


def test_a_cancelled_panel_stays_closed(app: Flask, cast: Cast, page_of: PageOf) -> None:
    dilshod = Client(app)
    cast.aziza.browser.post(f"/chats/{dilshod.says('Salom')}/take")
    page = opened(page_of(cast.aziza), f"/chats/{dilshod.chat_id}")
    press(page, "KeyQ")
    expect(page.locator("#finish")).to_be_visible()
    page.keyboard.press("Escape")
    dilshod.says("Yana savol")
    expect(page.locator("#flow")).to_contain_text("Yana savol")
    expect(page.locator("#finish")).to_have_count(0)


def test_what_was_begun_is_there_after_a_reload(app: Flask, cast: Cast, page_of: PageOf) -> None:
    chat_id = Client(app).says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    with page.expect_response(lambda response: response.url.endswith("/draft")):
        page.locator("#text").press_sequentially("Tekshiryapman")
    page.reload()
    expect(page.locator("#text")).to_have_value("Tekshiryapman")


@pytest.mark.clause("8.1")
def test_what_was_begun_stays_with_its_chat_however_fast_one_goes_to_another(
    app: Flask, cast: Cast, page_of: PageOf
) -> None:
    first, second = Client(app, "Dilshod").says("Salom"), Client(app, "Malika").says("Assalom")
    for chat_id in (first, second):
        cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{first}")
    page.locator("#text").fill("Dilshodga")
    page.locator(f"#row-{second}").click()
    expect(page.locator("#talk")).to_have_attribute("data-chat", str(second))
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator(f"#row-{first}")).to_contain_text("Dilshodga")
    page.locator(f"#row-{first}").click()
    expect(page.locator("#text")).to_have_value("Dilshodga")


@pytest.mark.clause("8.1")
def test_what_could_not_be_sent_does_not_stand_in_another_clients_field(
    app: Flask, cast: Cast, page_of: PageOf, faults: Faults
) -> None:
    first, second = Client(app, "Dilshod").says("Salom"), Client(app, "Malika").says("Assalom")
    for chat_id in (first, second):
        cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{first}")
    held: list[Route] = []
    page.route("**/say", lambda route: held.append(route))
    page.locator("#text").fill("Dilshodga")
    page.keyboard.press("Enter")
    page.locator(f"#row-{second}").click()
    expect(page.locator("#talk")).to_have_attribute("data-chat", str(second))
    with page.expect_response(lambda response: response.url.endswith(f"/chats/{first}/draft")):
        held[0].abort()
    expect(page.locator("#text")).to_have_value("")
    page.locator(f"#row-{first}").click()
    expect(page.locator("#text")).to_have_value("Dilshodga")
    faults.clear()


@pytest.mark.clause("8.1")
def test_where_ctrl_and_enter_send_enter_breaks_the_line(app: Flask, cast: Cast, page_of: PageOf) -> None:
    chat_id = Client(app).says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), "/me/")
    page.locator("#sending ~ .buttons button[value=ctrl]").click()
    expect(page.locator("#sending ~ .buttons button[value=ctrl]")).to_have_attribute("aria-pressed", "true")
    opened(page, f"/chats/{chat_id}")
    page.locator("#text").focus()
    page.keyboard.type("Bir")
    page.keyboard.press("Enter")
    page.keyboard.type("ikki")
    expect(page.locator("#text")).to_have_value("Bir\nikki")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".msg.mine .text")).to_have_text("Bir\nikki")


@pytest.mark.clause("8.1")
def test_only_one_of_two_can_answer(app: Flask, cast: Cast, page_of: PageOf) -> None:
    chat_id = Client(app).says("Salom")
    aziza, botir = (opened(page_of(one), f"/chats/{chat_id}") for one in (cast.aziza, cast.botir))
    expect(botir.locator("#presence")).to_contain_text(cast.aziza.name)
    expect(botir.locator("#presence")).not_to_contain_text(cast.botir.name)
    aziza.locator("#head button", has_text="Взять").or_(aziza.locator("#head button", has_text="Take")).first.click()
    expect(aziza.locator("#composer")).to_have_attribute("data-mode", "reply")
    expect(botir.locator("#composer .notice")).to_contain_text(cast.aziza.name)
    assert botir.locator("#composer").get_attribute("data-answers") is None


def test_what_came_while_the_wire_was_cut_is_there_when_it_is_back(
    app: Flask, cast: Cast, page_of: PageOf, faults: Faults
) -> None:
    dilshod = Client(app)
    chat_id = dilshod.says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    page.locator("#text").fill("Yozyapman")
    page.context.set_offline(True)
    page.evaluate("document.dispatchEvent(new Event('offline'))")
    dilshod.says("Eshityapsizmi?")
    page.context.set_offline(False)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#flow")).to_contain_text("Eshityapsizmi?")
    expect(page.locator("#text")).to_have_value("Yozyapman")
    faults.clear()


def test_earlier_messages_come_above_and_the_page_stays_small(app: Flask, cast: Cast, page_of: PageOf) -> None:
    dilshod = Client(app)
    for number in range(60):
        chat_id = dilshod.says(f"Xabar {number}")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    expect(page.locator("#flow article")).to_have_count(50)
    page.locator("#older a").click()
    expect(page.locator("#flow article")).to_have_count(60)
    shown = [text.strip() for text in page.locator("#flow article .text").all_inner_texts()]
    assert shown == [f"Xabar {number}" for number in range(60)]
    expect(page.locator("#older")).to_have_count(0)


def test_a_chat_is_opened_from_the_list_without_a_new_page_and_back_leads_back(
    app: Flask, cast: Cast, page_of: PageOf
) -> None:
    first, second = Client(app, "Dilshod").says("Salom"), Client(app, "Malika").says("Assalom")
    page = opened(page_of(cast.aziza), "/chats?tab=queue")
    page.evaluate("window.same = true")
    for chat_id in (first, second):
        page.locator(f"#row-{chat_id}").click()
        page.wait_for_url(f"**/chats/{chat_id}*")
        expect(page.locator("#talk")).to_have_attribute("data-chat", str(chat_id))
    page.go_back()
    expect(page.locator("#talk")).to_have_attribute("data-chat", str(first))
    assert page.evaluate("window.same")


@pytest.mark.parametrize("width", [390, 760])
def test_on_a_phone_list_and_chat_take_turns(app: Flask, cast: Cast, page_of: PageOf, width: int) -> None:
    chat_id = Client(app).says("Salom")
    page = opened(page_of(cast.aziza, width, 844), "/chats?tab=queue")
    page.locator(f"#row-{chat_id}").click()
    expect(page.locator("#composer")).to_be_visible()
    expect(page.locator("#chats")).to_be_hidden()
    page.locator("#head .back").click()
    expect(page.locator("#chats")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.clause("8.1")
def test_one_goes_from_chat_to_chat_by_the_keyboard_alone(app: Flask, cast: Cast, page_of: PageOf) -> None:
    first, second = Client(app, "Dilshod").says("Salom"), Client(app, "Malika").says("Assalom")
    for chat_id in (first, second):
        cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{first}")
    page.locator("#text").focus()
    press(page, "KeyL", "д")
    expect(page.locator(f"#row-{first}")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#talk")).to_have_attribute("data-chat", str(second))
    expect(page.locator("#text")).to_be_focused()


@pytest.mark.clause("8.1")
def test_an_empty_queue_is_said_once_and_passes(app: Flask, cast: Cast, page_of: PageOf, faults: Faults) -> None:
    page = opened(page_of(cast.aziza), "/chats")
    told = page.locator("#toasts .toast")
    for _ in range(3):
        with page.expect_response("**/chats/next"):
            press(page, "KeyN")
        expect(told).to_have_count(1)
    expect(told).not_to_have_class("toast bad")
    page.keyboard.press("Escape")
    expect(told).to_have_count(0)
    faults.clear()
