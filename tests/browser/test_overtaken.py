"""Two processes draw one message: what was drawn earlier may arrive later (clause 1.2)."""

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.base import wire
from tests.browser.conftest import PageOf
from tests.browser.test_desk import opened
from tests.cast import Cast
from tests.writes import Client

pytestmark = pytest.mark.clause("1.2")


def test_a_drawing_that_was_overtaken_on_its_way_changes_nothing(app: Flask, cast: Cast, page_of: PageOf) -> None:
    dilshod = Client(app)
    chat_id = dilshod.says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    found = re.search("<article.*?</article>", cast.aziza.browser.get(f"/chats/{chat_id}/changes?since=0").text, re.S)
    assert found
    for rev, words in (("0", "Eski"), ("100000", "Yangi"), ("99999", "Kechikkan")):
        drawn = re.sub(r'data-rev="\d+"', f'data-rev="{rev}"', found[0]).replace("Salom", words)
        wire.emit("fragment", {"html": drawn, "list": "flow"}, f"chat:{chat_id}:ru")
        dilshod.says(f"{words} dan keyin")
        expect(page.locator("#flow")).to_contain_text(f"{words} dan keyin")
        shown = page.locator("#flow .msg").first
        expect(shown).to_contain_text("Salom" if rev == "0" else "Yangi")
