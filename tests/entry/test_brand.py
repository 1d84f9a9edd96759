"""The bank's name, colour and logo on the pages (clause 7.1)."""

import io
import re

import pytest
from flask import Flask
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import text

from app.models.db import db
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


def picture(form: str = "PNG", size: tuple[int, int] = (900, 300), **more: object) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "#0055aa").save(drawn, form, **more)
    return drawn.getvalue()


def bring(cast: Cast, content: bytes) -> int:
    given = {"shown": "brand.logo", "brand.logo": (io.BytesIO(content), "logo.png")}
    return int(cast.kamola.browser.post("/office/settings/brand", given).status_code)


def logo(page: str) -> str:
    found = re.search(r'<img class="logo" src="(/brand/[^"]+)" alt="">', page)
    return found[1] if found else ""


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_the_logo_stands_on_the_pages_for_whoever_asks(app: Flask, cast: Cast, form: str) -> None:
    assert bring(cast, picture(form)) == 303
    address = logo(cast.aziza.browser.get("/chats").text)
    answer = app.test_client().get(address)
    assert Image.open(io.BytesIO(answer.data)).size == (480, 160)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")


def test_what_hides_in_the_file_of_a_logo_is_not_served(app: Flask, cast: Cast) -> None:
    said = PngInfo()
    said.add_text("Comment", "<script>alert(1)</script>")
    bring(cast, picture(pnginfo=said) + b"<script>alert(2)</script>")
    assert b"<script>" not in app.test_client().get(logo(cast.aziza.browser.get("/chats").text)).data


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"GIF89a" + bytes(20),
        picture()[:200],
        picture(size=(5000, 10)),
        picture("JPEG") + bytes(200 * 1024),
        b"",
    ],
)
def test_what_is_no_small_picture_is_refused_and_the_old_one_stays(cast: Cast, content: bytes) -> None:
    bring(cast, picture())
    before = logo(cast.aziza.browser.get("/chats").text)
    assert bring(cast, content) == 422
    assert logo(cast.aziza.browser.get("/chats").text) == before != ""


def test_a_name_written_instead_of_a_picture_changes_nothing(cast: Cast) -> None:
    cast.kamola.browser.post("/office/settings/brand", {"shown": "brand.logo", "brand.logo": "../../etc/passwd"})
    assert logo(cast.aziza.browser.get("/chats").text) == ""


def test_a_logo_is_replaced_and_taken_away_and_the_journal_knows(app: Flask, cast: Cast) -> None:
    bring(cast, picture())
    first = logo(cast.aziza.browser.get("/chats").text)
    bring(cast, picture(size=(100, 100)))
    assert logo(cast.aziza.browser.get("/chats").text) not in ("", first)
    assert app.test_client().get(first).status_code == 404
    cast.kamola.browser.post("/office/settings/brand/brand.logo/reset")
    assert logo(cast.aziza.browser.get("/chats").text) == ""
    with app.app_context():
        changes = db.session.execute(text("SELECT count(*) FROM journal WHERE object_id = 'brand.logo'")).scalar_one()
        assert (changes, db.session.execute(text("SELECT count(*) FROM picture")).scalar_one()) == (3, 0)
