"""The entry and every page behind it: by keyboard, in every language, light and dark, wide and narrow."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.base.locale import html_lang
from tests.browser.axe import axe
from tests.browser.conftest import PageOf
from tests.browser.watch import layout_shift
from tests.browser.words import english
from tests.cast import PASSWORD, Actor, Cast
from tests.writes import Client

LOCALES = ("ru", "uz_Latn", "uz_Cyrl")
SIZES = {"desk": (1366, 768), "phone": (390, 844)}
MOST_PAGES = 60
# Links that lead out of the house of pages, or to a file.
NOT_PAGES = re.compile(r"/(styleguide|static|files|sign-out)\b|.*/export")


@pytest.mark.clause("8.1", "8.3")
@pytest.mark.parametrize("locale", LOCALES)
def test_aziza_signs_in_with_the_keyboard_alone(cast: Cast, page_of: PageOf, locale: str) -> None:
    login = cast.aziza.login
    cast.aziza.browser.post("/sign-out")
    page = page_of(None, locale=locale)
    page.goto("/")
    tab_to(page, "login")
    page.keyboard.type(login)
    tab_to(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/chats")
    expect(page.locator("html")).to_have_attribute("data-wire", "online")


def test_a_wrong_password_is_told_beside_the_form_and_the_login_stays(
    cast: Cast, page_of: PageOf, faults: list[str]
) -> None:
    page = page_of(None)
    page.goto("/sign-in")
    page.locator("[name=login]").fill(cast.aziza.login)
    page.locator("[name=password]").fill("not this one")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.bad")).to_be_visible()
    expect(page.locator("[name=login]")).to_have_value(cast.aziza.login)
    expect(page.locator("[name=password]")).to_have_value("")
    assert [one for one in faults if "422" not in one] == []
    faults.clear()


@pytest.mark.clause("8.3", "12.1")
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_the_sign_in_page_is_right_in_light_and_dark(page_of: PageOf, locale: str, size: tuple[int, int]) -> None:
    page = page_of(None, *size, locale=locale)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto("/sign-in")
        expect(page.locator("html")).to_have_attribute("lang", html_lang(locale))
        judge(page)
        assert english(page, locale) == []
        axe(page)


@pytest.mark.clause("12.1")
@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_chat_is_right_in_every_theme(
    app: Flask, cast: Cast, page_of: PageOf, theme: str, size: tuple[int, int]
) -> None:
    chat_id = chat_of(cast.aziza, app)
    page = page_of(cast.aziza, *size, theme=theme)
    page.goto(f"/chats/{chat_id}")
    expect(page.locator("html")).to_have_attribute("data-wire", "online")
    judge(page)
    axe(page)


@pytest.mark.clause("8.3")
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("who", ["kamola", "aziza"])
def test_every_page_speaks_the_chosen_language(app: Flask, cast: Cast, page_of: PageOf, who: str, locale: str) -> None:
    actor: Actor = getattr(cast, who)
    if who == "aziza":
        chat_of(actor, app)
    left: dict[str, list[str]] = {}
    page = page_of(actor, locale=locale)
    for url in walk(page):
        expect(page.locator("html")).to_have_attribute("lang", html_lang(locale))
        if found := english(page, locale):
            left[url] = found
    assert left == {}, "\n".join(f"{url}: {texts}" for url, texts in left.items())


@pytest.mark.parametrize("who", ["kamola", "aziza"])
def test_every_page_is_open_to_everyone_and_stands_still(app: Flask, cast: Cast, page_of: PageOf, who: str) -> None:
    actor: Actor = getattr(cast, who)
    if who == "aziza":
        chat_of(actor, app)
    page = page_of(actor)
    problems: list[str] = []
    for _url in walk(page):
        for check in (judge, axe):
            try:
                check(page)
            except AssertionError as problem:
                problems.append(str(problem))
    assert problems == [], "\n".join(problems)


def judge(page: Page) -> None:
    """Nothing sticks out sideways, nothing jumped while it loaded."""
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
    assert layout_shift(page) < 0.1, (page.url, page.evaluate("jumps"))


def walk(page: Page) -> Iterator[str]:
    """Follow every link from the first page on; of pages that differ by a number only, one."""
    waiting, known = ["/"], set[str]()
    while waiting and len(known) < MOST_PAGES:
        url = waiting.pop(0)
        if _kind(url) in known or NOT_PAGES.match(url):
            continue
        known.add(_kind(url))
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == 200, (url, answer.status)
        known.add(_kind(page.url))
        yield url
        links = page.eval_on_selector_all("a[href]", "links => links.map(one => one.getAttribute('href'))")
        waiting += [link for link in links if link.startswith("/") and not link.startswith("//")]


def _kind(url: str) -> str:
    parts = urlsplit(url)
    return re.sub(r"\d+", "N", parts.path) + "?" + "&".join(sorted(parse_qs(parts.query)))


def chat_of(actor: Actor, app: Flask) -> int:
    """A chat that this operator has taken and answered in, and another that waits."""
    dilshod = Client(app)
    chat_id = dilshod.says("Salom! Kartam bloklandi, nima qilay?")
    actor.browser.post(f"/chats/{chat_id}/take")
    actor.browser.post(f"/chats/{chat_id}/say", {"text": "Salom! Hozir qarayman.", "client_id": "1"})
    dilshod.says("Rahmat, kutaman")
    Client(app, "Gulnora").says("Здравствуйте")
    return chat_id


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field has the focus."""
    for _ in range(20):
        if page.evaluate("document.activeElement?.name") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {name}")
