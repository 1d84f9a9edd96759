"""A person and her account in a real browser: second factor, sessions, out of elsewhere (clauses 12.4, 12.24)."""

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.base import clock, totp
from tests.browser.axe import axe
from tests.browser.conftest import PageOf
from tests.cast import PASSWORD, Actor, Cast

pytestmark = pytest.mark.clause("12.24")


def test_kamola_sets_up_a_phone_and_signs_in_with_it(cast: Cast, page_of: PageOf, tmp_path: Path) -> None:
    page = page_of(cast.kamola, locale="en")
    page.goto("/me/")
    seen(page, tmp_path, "profile")
    page.get_by_role("link", name="Second factor").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_alt_text("QR code of the second factor")).to_be_visible()
    expect(page.get_by_alt_text("QR code of the second factor")).not_to_have_js_property("naturalWidth", 0)
    seen(page, tmp_path, "scan")
    secret = page.locator("[data-copy]").get_attribute("data-copy") or ""
    page.get_by_label("Code of the phone").fill(totp.code(secret, totp.step_of(clock.now())))
    page.get_by_role("button", name="Switch on").click()
    codes = [re.sub(r"\s", "", one) for one in page.locator(".codes code").all_inner_texts()]
    assert len(codes) == 10
    seen(page, tmp_path, "codes")
    page.get_by_role("link", name="I have kept them").click()
    page.locator("details.menu summary.person").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Login").fill(cast.kamola.login)
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    seen(page, tmp_path, "code")
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("You signed in before")).to_be_visible()


@pytest.mark.clause("12.4")
def test_an_open_page_leaves_when_its_session_is_ended_elsewhere(
    app: Flask, cast: Cast, page_of: PageOf, tmp_path: Path
) -> None:
    here = page_of(cast.aziza, locale="en")
    here.goto("/chats")
    expect(here.locator("html")).to_have_attribute("data-wire", "online")
    there = page_of(another_desk(cast, cast.aziza), locale="en")
    there.goto("/me/sessions")
    seen(there, tmp_path, "sessions")
    there.get_by_role("button", name="End all others").click()
    here.wait_for_url("**/sign-in*", timeout=2000)
    there.goto("/me/sessions")
    expect(there.get_by_role("button", name="End all others")).to_be_hidden()


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize(
    "url", ["/me/", "/me/password", "/me/factor", "/me/sessions", "/office/sessions", "/office/access"]
)
def test_the_pages_are_for_everyone_and_fit(cast: Cast, page_of: PageOf, tmp_path: Path, url: str, width: int) -> None:
    page = page_of(cast.kamola, width, locale="ru")
    page.goto(url)
    seen(page, tmp_path, f"{url.strip('/').replace('/', '-')}-{width}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def seen(page: Page, folder: Path, name: str) -> None:
    """Held against the rules of accessibility, and kept as a picture."""
    axe(page)
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def another_desk(cast: Cast, actor: Actor) -> Actor:
    """The same person at another browser."""
    browser = type(actor.browser)(actor.browser.client.application, cast.session(actor.id))
    return Actor(actor.id, actor.login, actor.name, browser)
