"""Who is in a hurry does not wait for the page: what was asked for last stands there, and nothing goes astray."""

from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PageOf
from tests.browser.desk_server import wait_until
from tests.browser.keyboards import Keyboard
from tests.browser.test_desk import opened
from tests.cast import Cast
from tests.writes import Client

pytestmark = pytest.mark.clause("8.1")


class Desk(NamedTuple):
    """Aziza's page with three chats of hers, the first one open."""

    page: Page
    chats: list[int]

    def holds(self, address: str) -> list[Route]:
        """What is asked for at this address stays on its way."""
        held: list[Route] = []
        self.page.route(address, lambda route: held.append(route))
        return held

    def arrived(self, held: list[Route]) -> None:
        wait_until(lambda: self.page.evaluate("1") and held, 30)

    def shows(self, chat_id: int) -> None:
        expect(self.page.locator("#talk:not([aria-busy])")).to_have_attribute("data-chat", str(chat_id))


@pytest.fixture
def desk(app: Flask, cast: Cast, page_of: PageOf) -> Desk:
    chats = [Client(app, name).says("Salom") for name in ("Dilshod", "Malika", "Rustam")]
    for chat_id in chats:
        cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{chats[0]}")
    page.locator("#text").focus()
    return Desk(page, chats)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_rows_the_one_pressed_last_is_opened(desk: Desk, order: tuple[int, int]) -> None:
    page, (_first, second, third) = desk.page, desk.chats
    held = [desk.holds(f"**/chats/{chat_id}") for chat_id in (second, third)]
    for chat_id in (second, third):
        page.locator(f"#row-{chat_id}").click()
    for one in held:
        desk.arrived(one)
    for at in order:
        with page.expect_response(held[at][0].request.url):
            held[at][0].continue_()
    desk.shows(third)
    expect(page).to_have_url(page.url.rsplit("/", 1)[0] + f"/{third}")
    expect(page.locator(".rows .row[aria-current]")).to_have_id(f"row-{third}")


def test_nothing_is_sent_from_a_chat_that_is_left_already(desk: Desk) -> None:
    page, (first, second, _third) = desk.page, desk.chats
    keyboard = Keyboard(page, "latin")
    held = desk.holds(f"**/chats/{second}")
    page.locator(f"#row-{second}").dispatch_event("click")
    desk.arrived(held)
    keyboard.type("Salom, Malika")
    keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value("Salom, Malika")
    held[0].continue_()
    desk.shows(second)
    assert page.locator(".msg.mine").count() == 0
    expect(page.locator(f"#row-{first}")).to_contain_text("Salom, Malika")
    page.locator(f"#row-{first}").click()
    desk.shows(first)
    expect(page.locator("#text")).to_have_value("Salom, Malika")
    assert page.locator(".msg.mine").count() == 0


def test_a_chat_that_does_not_come_leaves_the_open_one_in_use(desk: Desk, faults: list[str]) -> None:
    page, (first, second, _third) = desk.page, desk.chats
    held = desk.holds(f"**/chats/{second}")
    page.locator(f"#row-{second}").dispatch_event("click")
    desk.arrived(held)
    held[0].abort()
    expect(page.locator(".toast.bad")).to_have_count(1)
    desk.shows(first)
    page.locator("#text").fill("Salom, Dilshod")
    page.locator("#text").press("Enter")
    expect(page.locator(".msg.mine .text")).to_have_text("Salom, Dilshod")
    faults.clear()


def test_a_key_that_is_held_takes_one_chat(app: Flask, desk: Desk) -> None:
    page, asked = desk.page, list[str]()
    for name in ("Nodir", "Sevara", "Umida"):
        Client(app, name).says("Salom")
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.down("Alt")
    for _ in range(5):
        page.keyboard.down("KeyN")
    page.keyboard.up("KeyN")
    page.keyboard.up("Alt")
    expect(page.locator("#talk:not([aria-busy])")).not_to_have_attribute("data-chat", str(desk.chats[0]))
    assert len([url for url in asked if url.endswith("/chats/next")]) == 1


def test_another_language_leads_back_to_the_chat_that_is_open_by_now(desk: Desk) -> None:
    page, (_first, second, _third) = desk.page, desk.chats
    page.locator(f"#row-{second}").click()
    desk.shows(second)
    page.wait_for_url(f"**/chats/{second}")
    page.locator("button[name=locale][value=uz_Latn]:visible").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "uz-Latn")
    desk.shows(second)
