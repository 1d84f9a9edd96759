"""What is asked for and does not come is said, and can be asked for again; what comes late harms nobody."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PageOf
from tests.browser.desk_server import wait_until
from tests.browser.keyboards import Keyboard
from tests.browser.test_desk import opened
from tests.browser.test_failing import OF_A_PROXY
from tests.browser.watch import Faults
from tests.cast import Cast
from tests.memory.conftest import remember
from tests.writes import Client

pytestmark = pytest.mark.clause("8.1")


@pytest.fixture
def page(app: Flask, cast: Cast, page_of: PageOf) -> Page:
    """Aziza's chat of sixty messages, the cursor in the answer."""
    dilshod = Client(app)
    for number in range(60):
        chat_id = dilshod.says(f"Xabar {number}")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    page.locator("#text").focus()
    return page


def fails(page: Page, address: str, how: int | None) -> None:
    """No answer at all, or what a proxy or the desk says instead."""

    def fail(route: Route) -> None:
        if how is None:
            route.abort()
        else:
            route.fulfill(status=how, body=OF_A_PROXY, content_type="text/html")

    page.route(address, fail)


def told(page: Page) -> None:
    said = page.locator(".toast.bad")
    expect(said).to_have_count(1)
    expect(said).not_to_contain_text("nginx")
    said.locator("[data-dismiss]").click()
    expect(said).to_have_count(0)


FAILURES = pytest.mark.parametrize("how", [None, 403, 500])


@FAILURES
def test_the_search_in_a_chat(app: Flask, page: Page, faults: Faults, how: int | None) -> None:
    with app.app_context():
        remember()
    keyboard = Keyboard(page, "latin")
    fails(page, "**/find*", how)
    keyboard.press("KeyF", alt=True)
    told(page)
    page.unroute("**/find*")
    keyboard.press("KeyF", alt=True)
    expect(page.locator("#find-here")).to_be_focused()
    fails(page, "**/find?q=*", how)
    page.locator("#find-here").fill("xabar")
    told(page)
    page.unroute("**/find?q=*")
    page.locator("#find-here").focus()
    keyboard.press("Enter")
    expect(page.locator("#finder-places")).to_contain_text("60")
    expect(page.locator(".msg mark")).to_have_text("Xabar")
    faults.clear()


@FAILURES
def test_the_panel_of_templates(page: Page, faults: Faults, how: int | None) -> None:
    keyboard = Keyboard(page, "latin")
    fails(page, "**/templates?q=", how)
    keyboard.press("KeyT", alt=True)
    told(page)
    page.unroute("**/templates?q=")
    page.locator("#text").focus()
    keyboard.type("/")
    expect(page.locator("#find-template")).to_be_focused()
    fails(page, "**/templates?q=*", how)
    page.locator("#find-template").fill("kartani blok")
    told(page)
    page.unroute("**/templates?q=*")
    page.locator("#find-template").focus()
    keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value(re.compile("^Kartani darhol"))
    faults.clear()


@FAILURES
def test_earlier_messages(page: Page, faults: Faults, how: int | None) -> None:
    fails(page, "**/older?*", how)
    page.locator("#older a").click()
    told(page)
    page.unroute("**/older?*")
    page.locator("#older a").click()
    expect(page.locator("#flow article")).to_have_count(60)
    faults.clear()


@FAILURES
def test_colleagues_for_a_note(page: Page, cast: Cast, faults: Faults, how: int | None) -> None:
    cast.botir  # noqa: B018 - he comes to work
    keyboard = Keyboard(page, "latin")
    keyboard.press("KeyI", alt=True)
    fails(page, "**/colleagues?*", how)
    keyboard.type("@")
    told(page)
    page.unroute("**/colleagues?*")
    page.locator("#text").focus()
    keyboard.type("bo")
    expect(page.locator("#colleagues [role=option]")).to_have_text(cast.botir.name)
    faults.clear()


@FAILURES
def test_topics_at_the_end(page: Page, faults: Faults, how: int | None) -> None:
    keyboard = Keyboard(page, "russian")
    keyboard.press("KeyQ", alt=True)
    expect(page.locator("#finish-topics-find")).to_be_focused()
    fails(page, "**/topics/find?*", how)
    page.locator("#finish-topics-find").fill("лимит")
    told(page)
    page.unroute("**/topics/find?*")
    page.locator("#finish-topics-find").focus()
    keyboard.type("ы")
    expect(page.locator("#finish [data-options] label").first).to_contain_text("Лимиты")
    faults.clear()


def test_a_session_that_is_over_leads_to_the_sign_in(page: Page, faults: Faults) -> None:
    page.context.clear_cookies()
    page.locator("#older a").click()
    page.wait_for_url("**/sign-in*")
    faults.clear()


def test_what_comes_late_is_not_drawn_into_the_talk_of_another_client(app: Flask, cast: Cast, page: Page) -> None:
    other = Client(app, "Malika").says("Assalom")
    cast.aziza.browser.post(f"/chats/{other}/take")
    held: list[Route] = []
    page.route("**/older?*", lambda route: held.append(route))
    page.route("**/find", lambda route: held.append(route))
    page.route("**/templates?q=", lambda route: held.append(route))
    page.locator("#older a").click()
    page.locator("#head a[data-finds]").click()
    page.locator("#templates").click()
    wait_until(lambda: page.evaluate("1") and len(held) == 3, 10)
    page.locator(f"#row-{other}").click()
    expect(page.locator("#talk")).to_have_attribute("data-chat", str(other))
    for route in held:
        with page.expect_response(route.request.url):
            route.continue_()
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#flow article")).to_have_count(1)
    expect(page.locator("#finder, #picker")).to_have_count(0)


def test_what_is_typed_before_the_templates_are_there_searches_them_and_is_not_sent(page: Page) -> None:
    keyboard, held = Keyboard(page, "latin"), list[Route]()
    page.route("**/templates?q=", lambda route: held.append(route))
    keyboard.type("/kartani blok")
    keyboard.press("Enter")
    wait_until(lambda: page.evaluate("1") and held, 10)
    assert page.locator(".msg.mine").count() == 0
    held[0].continue_()
    expect(page.locator("#text")).to_have_value(re.compile("^Kartani darhol"))
    expect(page.locator("#picker")).to_have_count(0)
    assert page.locator(".msg.mine").count() == 0


def test_enter_puts_in_what_was_found_for_the_words_not_for_those_before(page: Page) -> None:
    keyboard = Keyboard(page, "latin")
    keyboard.press("KeyT", alt=True)
    expect(page.locator("#find-template")).to_be_focused()
    keyboard.type("kartani blok")
    keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value(re.compile("^Kartani darhol"))


def test_the_search_in_a_panel_opens_no_search_behind_it(page: Page) -> None:
    page.locator("#head a[href$='/transfer']").first.click()
    page.locator("#transfer input[type=search]").click()
    page.keyboard.press("Escape")
    expect(page.locator("#transfer")).to_have_count(0)
    expect(page.locator("#finder")).to_have_count(0)
