"""A note stays a note: what is typed next, too, and whatever happens meanwhile. Nothing of it slips to the client."""

from typing import Any, NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, Page, Route, expect
from psycopg import Connection

from tests.browser.conftest import PageOf
from tests.browser.desk_server import wait_until
from tests.browser.keyboards import Keyboard
from tests.browser.test_desk import opened
from tests.browser.watch import Faults
from tests.cast import Cast
from tests.writes import Client

pytestmark = pytest.mark.clause("8.1")

CHEQUE: FilePayload = {"name": "chek.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 "}


class Noting(NamedTuple):
    """Aziza, the field yellow before her; `other` is a second chat of hers."""

    page: Page
    keyboard: Keyboard
    chat_id: int
    other: int

    def turn(self, mode: str) -> None:
        self.keyboard.press("KeyI", alt=True)
        self.is_in(mode)

    def is_in(self, mode: str) -> None:
        expect(self.page.locator("#composer")).to_have_attribute("data-mode", mode)
        expect(self.page.locator("#note")).to_have_attribute("aria-pressed", str(mode == "note").lower())

    def go(self, chat_id: int) -> None:
        self.page.locator(f"#row-{chat_id}").click()
        expect(self.page.locator("#talk")).to_have_attribute("data-chat", str(chat_id))

    def says(self, words: str) -> None:
        self.keyboard.type(words)
        self.keyboard.press("Enter")


@pytest.fixture
def noting(app: Flask, cast: Cast, page_of: PageOf) -> Noting:
    first, second = Client(app, "Dilshod").says("Salom"), Client(app, "Malika").says("Assalom")
    for chat_id in (first, second):
        cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{first}")
    page.locator("#text").focus()
    aziza = Noting(page, Keyboard(page, "russian"), first, second)
    aziza.turn("note")
    return aziza


def test_a_second_note_typed_at_once_is_a_note(noting: Noting) -> None:
    noting.says("проверить лимит")
    noting.says("и карту")
    expect(noting.page.locator(".msg.note .text")).to_have_text(["проверить лимит", "и карту"])
    noting.is_in("note")
    assert noting.page.locator(".msg.mine").count() == 0
    noting.keyboard.press("Escape")
    noting.is_in("note")
    noting.turn("reply")
    noting.says("готово")
    expect(noting.page.locator(".msg.mine .text")).to_have_text("готово")


def test_another_chat_begins_with_an_answer_and_the_note_waits_in_its_own(noting: Noting) -> None:
    noting.keyboard.type("проверить")
    noting.go(noting.other)
    noting.is_in("reply")
    expect(noting.page.locator("#text")).to_have_value("")
    noting.go(noting.chat_id)
    noting.is_in("note")
    expect(noting.page.locator("#text")).to_have_value("проверить")
    noting.says(" лимит")
    expect(noting.page.locator(".msg.note .text")).to_have_text("проверить лимит")
    assert noting.page.locator(".msg.mine").count() == 0


def test_a_note_that_is_saved_waits_no_more(noting: Noting) -> None:
    noting.says("лимит")
    expect(noting.page.locator(".msg.note")).to_have_count(1)
    noting.go(noting.other)
    noting.go(noting.chat_id)
    noting.is_in("reply")
    expect(noting.page.locator("#text")).to_have_value("")


def test_files_and_quote_wait_in_their_chat(noting: Noting) -> None:
    noting.turn("reply")
    page, tile = noting.page, noting.page.locator("#attached [data-file]")
    page.locator("#upload").set_input_files(CHEQUE)
    expect(tile).to_have_count(1)
    page.locator("#flow .msg.client [data-quotes]").first.dispatch_event("click")
    noting.go(noting.other)
    expect(tile).to_have_count(0)
    expect(page.locator("#quoted")).to_be_hidden()
    noting.go(noting.chat_id)
    expect(tile).to_have_count(1)
    expect(page.locator("#quoted")).to_contain_text("Salom")


def test_a_correction_leaves_the_note_that_was_begun_a_note(
    noting: Noting, cast: Cast, superuser: "Connection[Any]"
) -> None:
    page = noting.page
    cast.aziza.browser.post(f"/chats/{noting.chat_id}/say", {"text": "Karta tayor"})
    superuser.execute("UPDATE outbox SET state = 'sent'")
    superuser.execute("UPDATE message SET state = 'sent' WHERE state IS NOT NULL")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-wire", "online")
    page.locator("#text").focus()
    noting.turn("note")
    noting.keyboard.type("мижоз ")
    page.locator("[data-edits]").dispatch_event("click")
    expect(page.locator("#editing")).to_be_visible()
    expect(page.locator("#note")).to_have_attribute("aria-pressed", "false")
    noting.keyboard.press("Escape")
    noting.is_in("note")
    noting.says("ждет")
    expect(page.locator(".msg.note .text")).to_have_text("мижоз ждет")


def test_what_is_taken_back_is_answered_first_and_the_note_comes_after_it(
    noting: Noting, superuser: "Connection[Any]"
) -> None:
    page = noting.page
    superuser.execute("UPDATE person SET undo = true")
    noting.turn("reply")
    noting.says("ответ")
    expect(page.locator("[data-undoes]")).to_have_count(1)
    noting.turn("note")
    noting.keyboard.type("лимит")
    noting.keyboard.press("KeyZ", alt=True)
    expect(page.locator("#text")).to_have_value("ответ")
    noting.is_in("reply")
    noting.says(" готов")
    noting.is_in("note")
    expect(page.locator("#text")).to_have_value("лимит")
    expect(page.locator(".msg.mine .text")).to_have_text("ответ готов")


def test_a_note_takes_no_files_and_says_so(noting: Noting) -> None:
    page = noting.page
    page.locator("#upload").set_input_files(CHEQUE)
    expect(page.locator(".toast.hold")).to_have_count(1)
    expect(page.locator("#attached > *")).to_have_count(0)


def test_a_note_begun_while_the_answer_is_on_its_way_is_a_note(noting: Noting) -> None:
    page, held = noting.page, list[Route]()
    page.route("**/say", lambda route: held.append(route))
    noting.turn("reply")
    noting.says("ответ")
    noting.turn("note")
    noting.says("лимит")
    wait_until(lambda: page.evaluate("1") and held, 10)
    held[0].continue_()
    expect(page.locator(".msg.note .text")).to_have_text("лимит")
    expect(page.locator(".msg.mine .text")).to_have_text("ответ")


def test_an_answer_that_fails_while_a_note_is_written_waits_for_its_turn(noting: Noting, faults: Faults) -> None:
    page, held = noting.page, list[Route]()
    page.route("**/say", lambda route: held.append(route))
    noting.turn("reply")
    noting.says("ответ")
    noting.turn("note")
    noting.keyboard.type("лимит")
    wait_until(lambda: page.evaluate("1") and held, 10)
    held[0].abort()
    expect(page.locator(".toast.bad")).to_have_count(1)
    expect(page.locator("#text")).to_have_value("лимит")
    noting.is_in("note")
    page.unroute("**/say")
    noting.keyboard.press("Enter")
    expect(page.locator(".msg.note .text")).to_have_text("лимит")
    noting.turn("reply")
    expect(page.locator("#text")).to_have_value("ответ")
    noting.keyboard.press("Enter")
    expect(page.locator(".msg.mine .text")).to_have_text("ответ")
    faults.clear()


def test_enter_that_comes_before_the_last_answer_is_through_sends_the_next_after_it(noting: Noting) -> None:
    page, held = noting.page, list[Route]()
    noting.turn("reply")
    page.route("**/say", lambda route: held.append(route), times=1)
    noting.says("раз")
    noting.says("два")
    wait_until(lambda: page.evaluate("1") and held, 10)
    expect(page.locator("#text")).to_have_value("два")
    held[0].continue_()
    expect(page.locator(".msg.mine .text")).to_have_text(["раз", "два"])
    expect(page.locator("#text")).to_have_value("")
