"""News in a real browser: written with a picture, standing before the desk, over it, and in the bell."""

import base64

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.actions import notices
from app.actions.reminding import UNREAD
from app.base import clock
from app.models.db import transaction
from app.models.news import Importance
from tests.browser.axe import axe
from tests.browser.conftest import PageOf
from tests.cast import Cast
from tests.news.newsroom import published

# One green point.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.mark.clause("8.5", "7.1")
def test_what_an_author_writes_must_be_read_before_the_desk_opens(cast: Cast, page_of: PageOf) -> None:
    author = page_of(cast.botir)
    author.goto("/office/news/new")
    author.locator("#title-ru").fill("Новый лимит")
    text = author.locator("#text-ru")
    text.fill("С понедельника лимит 15 000 000 сум")
    text.select_text()
    author.locator("[data-edits=text-ru] [data-around='**']").click()
    expect(text).to_have_value("**С понедельника лимит 15 000 000 сум**")
    author.locator("#files").set_input_files({"name": "схема.png", "mimeType": "image/png", "buffer": PICTURE})
    author.locator("#must_read").check()
    axe(author)
    author.locator("button[value=publish]").click()
    expect(author.locator("h1")).to_have_text("Новый лимит")
    axe(author)

    page = page_of(cast.aziza)
    page.goto("/chats")
    expect(page.locator(".gate article h2")).to_have_text("Новый лимит")
    expect(page.locator(".gate .told b")).to_contain_text("15 000 000")
    assert page.locator(".gate img").evaluate("one => one.decode().then(() => one.naturalWidth)") == 1
    expect(page.locator("#chats, #list")).to_have_count(0)
    axe(page)
    page.locator(".gate .primary").click()
    expect(page.locator(".gate")).to_have_count(0)
    expect(page.locator("#bell-count")).to_be_hidden()

    author.reload()
    expect(author.locator("tr", has_text=cast.aziza.name)).to_be_visible()


@pytest.mark.clause("8.5")
def test_urgent_news_comes_over_the_open_desk_and_goes_when_it_is_confirmed(
    app: Flask, cast: Cast, page_of: PageOf
) -> None:
    page = page_of(cast.aziza)
    page.goto("/chats")
    expect(page.locator("html")).to_have_attribute("data-wire", "online")
    with app.app_context():
        published(cast.botir, title="Сбой карт", importance=Importance.URGENT)
    window = page.locator("dialog[open]")
    expect(window).to_contain_text("Сбой карт")
    expect(page.locator("#bell-count")).to_have_text("1")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(window).to_be_visible()
    axe(page)
    window.locator(".primary").click()
    expect(window).to_have_count(0)
    expect(page.locator("#bell-count")).to_be_hidden()
    page.reload()
    expect(page.locator(".gate")).to_have_count(0)


@pytest.mark.clause("8.5")
def test_the_bell_counts_tells_and_opens(app: Flask, cast: Cast, page_of: PageOf) -> None:
    page = page_of(cast.aziza)
    page.goto("/me/")
    expect(page.locator("html")).to_have_attribute("data-wire", "online")
    expect(page.locator("#bell-count")).to_be_hidden()
    with app.app_context(), transaction() as tx:
        notices.tell(tx, [cast.aziza.id], UNREAD, clock.now(), link="/me/numbers", title="Новый лимит")
    expect(page.locator("#toasts .toast")).to_contain_text("Новый лимит")
    expect(page.locator("#bell-count")).to_have_text("1")
    page.locator("#bell > summary").click()
    one = page.locator("#bell-list button")
    expect(one).to_have_count(1)
    axe(page)
    one.click()
    page.wait_for_url("**/me/numbers")
    expect(page.locator("#bell-count")).to_be_hidden()
    axe(page)
    page.goto("/me/notifications")
    expect(page.locator("tr[data-unread]")).to_have_count(0)
    axe(page)
