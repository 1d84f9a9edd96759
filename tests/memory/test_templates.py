"""Templates with files, folders in folders, and words for what is not known (clause 1.6)."""

import io
import re

import pytest
from flask import Flask
from sqlalchemy import text

from app.models.auto_reply import fill, unknown
from app.models.db import db
from tests.cast import Cast
from tests.desk.clients import Client
from tests.memory.test_pages import HX, given

pytestmark = [pytest.mark.clause("1.6"), pytest.mark.own_database]


def test_a_variable_may_say_what_stands_when_it_is_not_known() -> None:
    said = "Здравствуйте, {client.name|уважаемый клиент}!"
    assert fill(said, {"client.name": ""}) == "Здравствуйте, уважаемый клиент!"
    assert fill(said, {"client.name": "Дилшод"}) == "Здравствуйте, Дилшод!"
    assert fill("Здравствуйте, {client.name}!", {}) == "Здравствуйте!"
    assert unknown("{client.name|друг} {nobody|x}", ("client.name",)) == ["nobody|x"]


def test_ones_own_template_keeps_its_folder_and_the_files_of_the_answer(dilshod: Client, cast: Cast) -> None:
    chat_id = dilshod.writes("salom")
    given(chat_id, cast.aziza)
    browser = cast.aziza.browser
    sent = browser.post(
        f"/chats/{chat_id}/files",
        {"upload": (io.BytesIO(b"%PDF-1.4 tariffs"), "tariffs.pdf")},
        headers=HX,
        content_type="multipart/form-data",
    )
    file_id = re.search(r'data-file="([^"]+)"', sent.text)
    assert file_id
    made = {"name": "Тарифы", "text": "Тарифы во вложении", "folder": "Карты/Тарифы", "file": file_id[1]}
    assert browser.post(f"/chats/{chat_id}/templates/new", made, headers=HX).status_code == 200
    picker = browser.get(f"/chats/{chat_id}/templates", headers=HX).text
    assert "Карты / Тарифы" in picker and 'data-files="1"' in picker
    key = re.search(r'data-template="(own-\d+)"', picker)
    assert key
    tiles = browser.post(f"/chats/{chat_id}/templates/{key[1]}/files", headers=HX).text
    assert "tariffs.pdf" in tiles and file_id[1] not in tiles
    copied = re.search(r'data-file="([^"]+)"', tiles)
    assert copied
    browser.post(f"/chats/{chat_id}/say", {"text": "Тарифы во вложении", "file": copied[1]}, headers=HX)
    page = browser.get(f"/chats/{chat_id}").text
    assert "tariffs.pdf" in page
    assert browser.get(f"/files/{copied[1]}").data == b"%PDF-1.4 tariffs"


def test_nobody_takes_the_files_of_anothers_template(dilshod: Client, cast: Cast) -> None:
    chat_id = dilshod.writes("salom")
    given(chat_id, cast.timur)
    for key in ("own-1", "bank-999", "own-x", "none"):
        assert cast.timur.browser.post(f"/chats/{chat_id}/templates/{key}/files", headers=HX).text == ""


def test_the_bank_adds_files_to_its_templates_and_it_is_journalled(app: Flask, dilshod: Client, cast: Cast) -> None:
    row_id = db.session.scalar(text("SELECT min(id) FROM template"))
    db.session.rollback()
    address = f"/office/lists/templates/{row_id}/files"
    sent = {"upload": (io.BytesIO(b"%PDF-1.4 form"), "form.pdf")}
    assert cast.kamola.browser.post(address, sent, content_type="multipart/form-data").status_code == 303
    page = cast.kamola.browser.get(address).text
    assert "form.pdf" in page
    program = {"upload": (io.BytesIO(b"MZ\x90\x00\x03" + b"\x00" * 60), "form.exe")}
    assert cast.kamola.browser.post(address, program, content_type="multipart/form-data", headers=HX).status_code == 422
    remove = re.search(rf"{address}/([0-9a-f-]+)/remove", page)
    assert remove and cast.kamola.browser.post(remove[0]).status_code == 303
    assert "form.pdf" not in cast.kamola.browser.get(address).text
    kinds = list(db.session.scalars(text("SELECT kind FROM journal WHERE kind LIKE 'template.%' ORDER BY id")))
    assert kinds == ["template.file_added", "template.file_removed"]
