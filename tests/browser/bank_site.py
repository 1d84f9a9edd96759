"""The bank's own site beside the desk, and what people do there."""

import re
import urllib.request
from collections.abc import Iterator
from contextlib import suppress

import pytest
from flask import Flask
from playwright.sync_api import Frame, FrameLocator, Locator, Page, expect
from sqlalchemy import text

from app.actions import webchat
from app.actions.journal import HERE
from app.base import clock, traces
from app.models.db import db
from app.models.viewer import SYSTEM
from deploy.demo import site
from deploy.demo.simulator import Simulator
from tests.browser.desk_server import DeskServer
from tests.cast import Actor


@pytest.fixture(scope="session")
def bank_server() -> Iterator[Simulator]:
    """The bank's own site: another origin, with a strict content policy."""
    server = Simulator().start()
    yield server
    server.stop()


@pytest.fixture
def bank(app: Flask, bank_server: Simulator, desk_server: DeskServer) -> str:
    """The address of the bank's page; its chat is open to this site only."""
    with app.app_context():
        wish = webchat.Wish(
            "Sayt", (bank_server.url,), "HS256", site.SECRET,
            greetings={"ru": "Здравствуйте!"}, notice_url=f"{bank_server.url}/bank",
        )  # fmt: skip
        key = webchat.connect(wish, SYSTEM, HERE, clock.now()).key
        db.session.remove()
    bank_server.page.desk, bank_server.page.site_key = desk_server.url, key
    return f"{bank_server.url}/bank"


def opened(page: Page, address: str) -> FrameLocator:
    """The chat on the bank's page, pressed open."""
    page.goto(address)
    page.locator("button[aria-haspopup]").click()
    expect(chat_of(page).locator("#text")).to_be_enabled()
    return chat_of(page)


def chat_of(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def frame_of(page: Page) -> Frame:
    return next(one for one in page.frames if "/widget/" in one.url)


def write(chat: FrameLocator, words: str) -> None:
    chat.locator("#text").fill(words)
    chat.locator("#text").press("Enter")


def taken(app: Flask, actor: Actor, page: Page) -> Page:
    """The operator has taken the only chat and has it open."""
    with app.app_context():
        chat_id = db.session.execute(text("SELECT id FROM chat ORDER BY id DESC LIMIT 1")).scalar_one()
        db.session.remove()
    actor.browser.post(f"/chats/{chat_id}/take")
    page.goto(f"/chats/{chat_id}")
    expect(page.locator("#wire")).to_have_attribute("data-state", "online")
    return page


def answer(page: Page, words: str) -> None:
    """Write and send. The composer sends one word at a time: while one is on its way, the next stays in the field."""
    field = page.locator("textarea:visible").first
    field.fill(words)
    field.press("Enter")
    while field.input_value() == words:
        page.wait_for_timeout(200)
        field.press("Enter")
    expect(page.locator("#flow")).to_contain_text(words)


def bank_key(bank: str) -> tuple[str, str]:
    """(the desk, the key of the chat) that the bank's page names."""
    with urllib.request.urlopen(bank) as page:
        found = re.search(r'src="([^"]+)/widget.js" data-channel="([^"]+)"', page.read().decode())
    assert found
    return found[1], found[2]


def types(field: Locator, sign: Locator) -> None:
    """The sign comes at the other end. It is stored nowhere: a lost one comes with the next keys, once it has faded."""
    for _attempt in range(4):
        field.press_sequentially("Hoz")
        with suppress(AssertionError):
            expect(sign).not_to_be_empty(timeout=(traces.SECONDS + 2) * 1000)
            return
    expect(sign).not_to_be_empty()
