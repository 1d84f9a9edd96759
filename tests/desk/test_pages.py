"""The desk's forms without scripts, its files, and what a page refuses."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import text

from app.actions import routing
from app.base import clock
from app.models.db import db
from app.queries import visible
from tests.cast import Cast
from tests.desk.clients import Client, last_message
from tests.desk.test_visible import viewer

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 200


def taken(cast: Cast, client: Client, said: str = "Salom") -> int:
    chat_id = client.writes(said)
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    return chat_id


def kinds(chat_id: int) -> list[str]:
    found = db.session.scalars(text("SELECT kind FROM message WHERE chat_id = :id ORDER BY at, id"), {"id": chat_id})
    return list(found)


def test_the_whole_road_without_scripts(cast: Cast, dilshod: Client) -> None:
    dilshod.writes("Salom")
    desk = cast.aziza.browser
    assert desk.post("/chats/next").headers["Location"] == f"/chats/{dilshod.chat_id}"
    page = f"/chats/{dilshod.chat_id}"
    assert desk.post(f"{page}/say", {"text": "Assalomu alaykum"}).status_code == 303
    assert desk.post(f"{page}/note", {"text": "Лимит"}).status_code == 303
    assert "Assalomu alaykum" in desk.get(page).text
    assert "finish-form" in desk.get(f"{page}/finish").text
    assert desk.post(f"{page}/finish", {"outcome": "solved", "later": "1"}).headers["Location"] == page
    assert not visible.chat(viewer(cast.aziza), dilshod.chat_id).open
    assert kinds(dilshod.chat_id) == ["client", "mine", "note"]


def test_nothing_waits_is_said_and_not_an_error(cast: Cast, dilshod: Client) -> None:
    answer = cast.aziza.browser.post("/chats/next", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#toasts"


@pytest.mark.parametrize(("address", "mode"), [("say", "note"), ("note", "reply")])
def test_a_note_cannot_slip_to_the_client(cast: Cast, dilshod: Client, address: str, mode: str) -> None:
    chat_id = taken(cast, dilshod)
    answer = cast.aziza.browser.post(f"/chats/{chat_id}/{address}", {"text": "PIN kodi 1234", "mode": mode})
    assert answer.status_code == 400
    assert kinds(chat_id) == ["client"]


def test_a_letter_sent_twice_is_stored_once(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    for _ in range(2):
        cast.aziza.browser.post(f"/chats/{chat_id}/say", {"text": "Salom", "client_id": "abc", "mode": "reply"})
    assert kinds(chat_id) == ["client", "mine"]


def test_a_chat_is_not_finished_without_a_topic_by_mistake(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    answer = cast.aziza.browser.post(f"/chats/{chat_id}/finish", {"outcome": "solved"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert visible.chat(viewer(cast.aziza), chat_id).open


def test_a_handed_over_chat_leaves_the_page_of_who_may_not_see_it(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    told = {"to": f"person:{cast.timur.id}", "note": "Прошу проверить"}
    form = cast.aziza.browser.get(f"/chats/{chat_id}/transfer", headers={"HX-Request": "true"}).text
    assert f'value="{told["to"]}"' in form
    answer = cast.aziza.browser.post(f"/chats/{chat_id}/transfer", told, headers={"HX-Request": "true"})
    assert answer.headers["HX-Push-Url"] == f"/chats/{chat_id}", "it is hers until he accepts it"
    cast.timur.browser.post(f"/chats/{chat_id}/accept")
    assert visible.chat(viewer(cast.timur), chat_id).can_answer
    assert cast.aziza.browser.get(f"/chats/{chat_id}").status_code == 404


@pytest.mark.parametrize("to", ["", "person:", "person:x", "person:0", "group:x", "person:999999", "person:²"])
def test_a_chat_cannot_be_handed_to_nobody(cast: Cast, dilshod: Client, to: str) -> None:
    chat_id = taken(cast, dilshod)
    answer = cast.aziza.browser.post(f"/chats/{chat_id}/transfer", {"to": to}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert visible.chat(viewer(cast.aziza), chat_id).mine


def test_htmx_gets_only_the_talk_and_history_the_whole_page(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    part = cast.aziza.browser.get(f"/chats/{chat_id}", headers={"HX-Request": "true"}).text
    assert 'id="talk"' in part
    assert 'id="chats"' not in part
    assert 'id="chats"' in cast.aziza.browser.get(f"/chats/{chat_id}").text


def test_what_a_client_writes_is_text(cast: Cast, dilshod: Client) -> None:
    dilshod.name = "<script>alert(1)</script>"
    chat_id = taken(cast, dilshod, "<img src=x onerror=alert(2)>\x00\u202e")
    page = cast.aziza.browser.get(f"/chats/{chat_id}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(2)&gt;" in page


def upload(cast: Cast, chat_id: int, content: bytes, name: str) -> Any:
    data = {"upload": (BytesIO(content), name)}
    return cast.aziza.browser.post(
        f"/chats/{chat_id}/files", data, headers={"HX-Request": "true"}, content_type="multipart/form-data"
    )


def id_of(tile: str) -> str:
    return tile.split('value="')[1].split('"')[0]


def test_an_attached_picture_is_sent_shown_and_sealed_off(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    tile = upload(cast, chat_id, PNG, "чек.png").text
    file_id = id_of(tile)
    cast.aziza.browser.post(f"/chats/{chat_id}/say", {"text": "", "file": file_id})
    assert f'src="/files/{file_id}"' in cast.aziza.browser.get(f"/chats/{chat_id}").text
    shown = cast.aziza.browser.get(f"/files/{file_id}")
    assert (shown.data, shown.headers["Content-Type"]) == (PNG, "image/png")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert cast.timur.browser.get(f"/files/{file_id}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "begins", "ends"),
    [
        ("bytes=0-3", 206, 0, 4), ("bytes=8-", 206, 8, None), ("bytes=-5", 206, -5, None),
        ("bytes=9999-", 416, 0, 0), ("bytes=x", 416, 0, 0),
    ],
)  # fmt: skip
def test_a_film_is_read_in_parts(
    cast: Cast, dilshod: Client, asked: str, status: int, begins: int, ends: int | None
) -> None:
    chat_id = taken(cast, dilshod)
    file_id = id_of(upload(cast, chat_id, PNG, "a.png").text)
    answer = cast.aziza.browser.get(f"/files/{file_id}", headers={"Range": asked})
    assert answer.status_code == status
    if status == 206:
        assert answer.data == PNG[begins:ends]
        assert answer.headers["Content-Range"].endswith(f"/{len(PNG)}")


def test_a_page_that_pretends_to_be_a_picture_is_only_saved(cast: Cast, dilshod: Client) -> None:
    chat_id = taken(cast, dilshod)
    tile = upload(cast, chat_id, b"<html><script>alert(1)</script>" * 9, "photo.png").text
    assert 'name="file"' in tile
    answer = cast.aziza.browser.get(f"/files/{id_of(tile)}")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_what_was_typed_turns_into_the_other_alphabet(cast: Cast) -> None:
    for typed, turned in (("Assalomu alaykum", "Ассалому алайкум"), ("Ассалому алайкум", "Assalomu alaykum")):
        assert cast.aziza.browser.post("/chats/script", {"text": typed}).text == turned


def test_the_other_half_of_a_retry_is_another_chats(cast: Cast, dilshod: Client) -> None:
    mine = taken(cast, dilshod)
    other = taken(cast, Client("Malika", 77))
    assert cast.aziza.browser.post(f"/chats/{mine}/retry/{last_message(other)}").status_code == 404
