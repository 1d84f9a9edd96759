"""The bank's name and colour on the pages (clause 7.1)."""

import re

import pytest

from app.pages.templating import ink_on
from tests.cast import Cast

pytestmark = pytest.mark.clause("7.1")


def save(cast: Cast, name: str, colour: str) -> int:
    given = {"shown": ["brand.name", "brand.colour"], "brand.name": name, "brand.colour": colour}
    return int(cast.kamola.browser.post("/office/settings/brand", given).status_code)


def test_a_new_name_is_on_everyones_next_page(cast: Cast) -> None:
    assert save(cast, "Xalq banki", "#112233") == 303
    assert "Xalq banki" in cast.aziza.browser.get("/chats").text


def test_a_name_is_shown_as_text_and_not_as_html(cast: Cast) -> None:
    save(cast, "<b>Bank</b>", "#112233")
    assert "<b>Bank</b>" not in cast.aziza.browser.get("/chats").text


def test_the_colour_reaches_the_page_as_a_style_sheet(cast: Cast) -> None:
    save(cast, "Bank", "#112233")
    sheet = re.search(r'href="(/brand\.css\?v=[^"]+)"', cast.aziza.browser.get("/chats").text)
    assert sheet is not None
    answer = cast.aziza.browser.get(sheet[1])
    assert "#112233" in answer.text
    assert answer.headers["Content-Type"].startswith("text/css")


@pytest.mark.parametrize(("colour", "ink"), [("#0b6b57", "#ffffff"), ("#ffcc00", "#000000"), ("#ffffff", "#000000")])
def test_words_on_the_colour_can_be_read(colour: str, ink: str) -> None:
    assert ink_on(colour) == ink
