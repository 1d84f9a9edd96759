"""A CVV, a PIN, a one-time code: wherever one is written, it is not kept, neither in the open nor sealed."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from psycopg import Connection
from sqlalchemy import text

from app.actions import memory, rating
from app.base import clock, crypt
from app.models.db import db
from app.models.sealed import COLUMNS
from app.queries import ratings
from tests.cast import Cast
from tests.ending.conftest import Desk
from tests.memory.test_pages import HX, given
from tests.memory.test_planted import dump
from tests.road.conftest import edited, message

pytestmark = [pytest.mark.clause("15.5", "12.2"), pytest.mark.own_database]

CARD = "8600 1234 5678 9012"


def code(number: int) -> str:
    """One for each place, so that a leak says where it is."""
    return f"4829{number:04}"


def secret(number: int, said: str = "код из смс") -> str:
    return f"{said} {code(number)}"


@pytest.fixture
def told(desk: Desk, cast: Cast) -> Desk:
    """A dialogue in which a code is written into whatever can be written into."""
    first = message(secret(1), reply_to_message={"message_id": 1, "text": secret(2)})
    desk.hears(first, edited(first, secret(3, "parol")))
    document = {"file_id": "f1", "file_unique_id": "u1", "file_name": f"kod {code(4)}.pdf"}
    desk.hears(message(secret(5, "SMS kodi"), document=document, caption=secret(6, "CVV:")))
    desk.takes()
    _operator(desk, cast)
    desk.delivers()
    desk.closes()
    desk.asks()
    _after(desk, cast)
    db.session.rollback()
    return desk


def _operator(desk: Desk, cast: Cast) -> None:
    here, browser = f"/chats/{desk.chat_id}", cast.aziza.browser
    browser.post(f"{here}/say", {"text": secret(7, "Ваш одноразовый код:")}, headers=HX)
    desk.delivers()
    answer = desk.one("SELECT id FROM message WHERE kind = 'mine' ORDER BY at DESC LIMIT 1")
    browser.post(f"{here}/reword/{answer}", {"text": secret(8, "Ваш одноразовый код:")}, headers=HX)
    browser.post(f"{here}/note", {"text": secret(9, "клиент назвал pin")}, headers=HX)
    browser.post(f"{here}/customer/notes", {"note": f"{secret(10)}, карта {CARD}"}, headers=HX)
    browser.post(f"{here}/templates/new", {"name": secret(11), "text": secret(12)}, headers=HX)
    upload = {"upload": (io.BytesIO(b"%PDF-1.4"), f"пароль {code(13)}.pdf")}
    browser.post(f"{here}/files", upload, headers=HX, content_type="multipart/form-data")
    browser.post(f"{here}/draft", {"text": secret(14)}, headers=HX)


def _after(desk: Desk, cast: Cast) -> None:
    given = ratings.one(desk.rating_id)
    assert given is not None
    rating.answer(given, 2, f"{secret(15)}, карта {CARD}", desk.at)
    cast.botir.browser.post(f"/watch/ratings/{given.id}/exclude", {"why": f"{secret(16)} {CARD}"})
    desk.hears(message("Yana savol"))
    desk.takes()
    finish = {"outcome": "solved", "comment": secret(17), "later": "1"}
    cast.aziza.browser.post(f"/chats/{desk.chat_id}/finish", finish, headers=HX)
    desk.hears(message("Va yana"))
    desk.takes()
    to = f"person:{cast.timur.id}"
    cast.botir.browser.post("/watch/move", {"chat": str(desk.chat_id), "to": to, "reason": f"{secret(18)} {CARD}"})
    cast.botir.browser.get("/history", query_string={"q": secret(19)})
    cast.kamola.browser.post("/office/lists/tags/add", {"names.ru": f"{secret(20)} {CARD}"})


def test_no_code_is_kept_anywhere_not_even_sealed(told: Desk, app: Flask, superuser: "Connection[Any]") -> None:
    heap = dump(superuser)
    kept = {name: value for name, value in _opened() if any(code(number).encode() in value for number in range(30))}
    assert kept == {}
    assert re.findall(rb"(?<![0-9A-Fa-f])4829\d{4}(?![0-9A-Fa-f])", heap) == []


def test_the_places_were_truly_written_into(told: Desk) -> None:
    """What stands there are the same words with a dot for each digit."""
    dots = "•".encode(), json.dumps("•").strip('"').encode()
    opened = [name for name, value in _opened() if any(dot in value for dot in dots)]
    for place in (
        "message.text", "message_version.text", "file.name", "outbox.content", "inbox.raw", "draft.text",
        "episode.comment", "customer_note.text", "rating.comment", "rating.excluded_why", "notice.words",
    ):  # fmt: skip
        assert any(name.startswith(place) for name in opened), place
    assert "••••••••" in db.session.scalars(text("SELECT text FROM own_template")).one()


def test_what_an_operator_sends_arrives_as_it_was_written(told: Desk) -> None:
    assert f"Ваш одноразовый код: {code(7)}" in told.sent()


def test_a_code_is_not_found(told: Desk) -> None:
    memory.keep_words(clock.now())
    found = db.session.scalar(
        text("SELECT count(*) FROM message_words WHERE words && CAST(:words AS int[])"),
        {"words": [token for number in range(30) for token in memory.words_of(code(number))]},
    )
    assert found == 0


def test_cards_in_notes_comments_and_reasons_are_masked(told: Desk, cast: Cast) -> None:
    pages = {
        "card": cast.timur.browser.get(f"/chats/{told.chat_id}").text,
        "ratings": cast.botir.browser.get("/watch/ratings").text,
        "notices": cast.timur.browser.get("/me/notifications").text,
        "tags": cast.kamola.browser.get("/office/lists/tags").text,
    }
    for name, page in pages.items():
        assert CARD not in page and "•••• 9012" in page, name


def test_a_note_is_shown_whole_only_with_the_right_and_journalled(told: Desk, cast: Cast) -> None:
    note_id = told.one("SELECT id FROM customer_note")
    address = f"/chats/{told.chat_id}/customer/notes/{note_id}/whole"
    assert cast.timur.browser.post(address, headers=HX).status_code == 403
    assert CARD in cast.botir.browser.post(address, headers=HX).text
    page = cast.botir.browser.post(address).text
    assert CARD in page and "/whole" not in page
    assert cast.botir.browser.post(f"/chats/{told.chat_id}/customer/notes/0/whole", headers=HX).status_code == 404
    kinds = list(db.session.scalars(text("SELECT object_kind FROM journal WHERE kind = 'message.unmasked'")))
    assert kinds == ["note", "note"]


def test_the_author_of_a_note_changes_it_whole(told: Desk, cast: Cast) -> None:
    note_id = told.one("SELECT id FROM customer_note")
    asked = f"/chats/{told.chat_id}/card?edit=note:{note_id}"
    given(told.chat_id, cast.aziza)
    assert CARD in cast.aziza.browser.get(asked, headers=HX).text
    given(told.chat_id, cast.timur)
    assert CARD not in cast.timur.browser.get(asked, headers=HX).text


def _opened() -> Iterator[tuple[str, bytes]]:
    """Every sealed value there is, opened."""
    for column in COLUMNS:
        asked = f"SELECT ({column.bound})::text AS id, {column.column} AS value FROM {column.table}"
        for row in db.session.execute(text(f"{asked} WHERE {column.column} IS NOT NULL")):
            yield f"{column.name} {row.id}", crypt.open_bytes(row.value, (column.name, row.id))
    db.session.rollback()
