"""A chat is finished in a real browser, by the keyboard from start to end (clause 9.3)."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageOf
from tests.browser.test_desk import opened, press
from tests.browser.watch import Faults
from tests.cast import Cast
from tests.writes import Client

pytestmark = pytest.mark.clause("9.3")


def answered(app: Flask, cast: Cast) -> int:
    chat_id = Client(app).says("Kartam ishlamayapti")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    cast.aziza.browser.post(f"/chats/{chat_id}/say", {"text": "Tekshirdim"})
    return chat_id


def chosen(page: Page) -> list[str]:
    return [one.strip() for one in page.locator("#finish [data-chosen] label > span").all_inner_texts()]


@pytest.mark.clause("9.5")
def test_two_topics_are_found_by_cyrillic_words_and_the_chat_is_finished_by_one_key(
    app: Flask, cast: Cast, page_of: PageOf
) -> None:
    chat_id = answered(app, cast)
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    press(page, "KeyQ")
    expect(page.locator("#finish-topics-find")).to_be_focused()
    page.keyboard.type("лимит")
    page.keyboard.press("Enter")
    expect(page.locator("#finish [data-chosen] input")).to_have_count(1)
    page.keyboard.type("блоклаш")
    expect(page.locator("#finish [data-options] label").first).to_contain_text("Блок")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#finish [data-chosen] input")).to_have_count(2)
    expect(page.locator("#finish-topics-find")).to_be_focused()
    assert [path.rpartition(" › ")[2] for path in chosen(page)] == ["Лимиты", "Блокировка"]
    press(page, "KeyQ")
    expect(page.locator("#composer textarea")).to_have_count(0)
    expect(page.locator(f"#row-{chat_id}")).to_have_count(0)
    answer = cast.aziza.browser.get(f"/chats/{chat_id}/topics").text
    assert "Лимиты" in answer and "Блокировка" in answer


def test_backspace_takes_the_last_topic_away_and_escape_leaves_everything(
    app: Flask, cast: Cast, page_of: PageOf
) -> None:
    chat_id = answered(app, cast)
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    press(page, "KeyQ")
    expect(page.locator("#finish-topics-find")).to_be_focused()
    page.keyboard.type("limit")
    page.keyboard.press("Enter")
    expect(page.locator("#finish [data-chosen] input")).to_have_count(1)
    page.keyboard.press("Backspace")
    expect(page.locator("#finish [data-chosen] input")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#finish")).to_have_count(0)
    expect(page.locator("#composer textarea")).to_have_count(1)


def test_the_panel_warns_of_an_unanswered_word_and_leads_back_to_the_answer(
    app: Flask, cast: Cast, page_of: PageOf
) -> None:
    chat_id = Client(app).says("Kartam ishlamayapti")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    press(page, "KeyQ")
    expect(page.locator("#finish .notice.hold")).to_be_visible()
    page.locator("#finish [data-answers]").click()
    expect(page.locator("#finish")).to_have_count(0)
    expect(page.locator("#text")).to_be_focused()


def test_without_a_topic_the_panel_says_so_and_topic_later_is_the_way_out(
    app: Flask, cast: Cast, page_of: PageOf, faults: Faults
) -> None:
    chat_id = answered(app, cast)
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    press(page, "KeyQ")
    expect(page.locator("#finish")).to_be_visible()
    page.locator("#finish .primary").click()
    expect(page.locator("#finish .notice.bad")).to_be_visible()
    faults.clear()  # the browser tells the refused request as an error
    page.locator("#finish .away").click()
    expect(page.locator("#composer textarea")).to_have_count(0)
    page.goto("/chats/without-topic")
    expect(page.locator("table")).to_contain_text(f"№ {chat_id}")
    page.locator("table .btn").click()
    page.locator("#given-find").press_sequentially("утеря")
    page.locator("#given [data-options] label").first.click()
    page.locator("button[form=topics-form]").click()
    expect(page.locator("table")).to_have_count(0)
