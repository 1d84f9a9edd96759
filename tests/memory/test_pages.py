"""The pages of the memory: history, search inside a chat, show, write first, the soft warning."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.models.db import db, transaction
from tests.cast import Actor, Cast
from tests.desk.clients import Client, bubble, last_message
from tests.memory.conftest import remember

pytestmark = [pytest.mark.own_database]
CARD = "4111 1111 1111 1111"
HX = {"HX-Request": "true"}


def given(chat_id: int, actor: Actor) -> None:
    person_id = actor.id
    with transaction():
        values = {"id": person_id, "chat": chat_id}
        db.session.execute(
            text("UPDATE standing SET stage = 'work', owner_id = :id, waits_since = NULL WHERE chat_id = :chat"), values
        )
        db.session.execute(text("UPDATE episode SET owner_id = :id WHERE chat_id = :chat"), values)


def finished(chat_id: int) -> None:
    with transaction():
        db.session.execute(text("DELETE FROM standing WHERE chat_id = :id"), {"id": chat_id})
        db.session.execute(
            text("UPDATE episode SET closed_at = now(), outcome = 'solved' WHERE chat_id = :id"), {"id": chat_id}
        )


@pytest.mark.clause("8.4")
def test_the_history_shows_what_is_found_marked_and_leads_to_the_message(dilshod: Client, cast: Cast) -> None:
    chat_id = dilshod.writes("Моя карта потерялась")
    remember()
    page = cast.botir.browser.get("/history?q=kartam").text
    assert "<mark>карта</mark>" in page
    assert f"/chats/{chat_id}?at={last_message(chat_id)}" in page
    assert "Моя" not in cast.botir.browser.get("/history?q=кредит").text


@pytest.mark.clause("8.4", "12.2")
def test_a_search_is_journalled_without_its_words_in_the_open(dilshod: Client, cast: Cast, superuser: "object") -> None:
    cast.botir.browser.get("/history?q=секретноеслово")
    rows = db.session.execute(text("SELECT details FROM journal WHERE kind = 'chats.searched'")).all()
    assert len(rows) == 1 and "секретноеслово".encode() not in rows[0].details


@pytest.mark.clause("8.4")
@pytest.mark.parametrize(
    "address",
    [
        "/history",
        "/history?q=%F0%9F%98%80",
        "/history?q=нет+такого",
        "/history?outcome=open&rating=5&since=2026-01-01&topic=1&owner=1&channel=1",
    ],
)
def test_an_empty_history_says_so(dilshod: Client, cast: Cast, address: str) -> None:
    answer = cast.aziza.browser.get(address)
    assert answer.status_code == 200 and "empty" in answer.text


@pytest.mark.clause("8.4")
@pytest.mark.parametrize("after", ["x", "1-x", "99999999999999999999-1"])
def test_a_broken_cursor_is_not_found(dilshod: Client, cast: Cast, after: str) -> None:
    assert cast.botir.browser.get(f"/history?after={after}").status_code == 404
    assert cast.botir.browser.get(f"/history?q=карта&after={after}").status_code == 404


@pytest.mark.clause("8.4")
def test_the_talk_opens_around_a_message_far_back(dilshod: Client, cast: Cast) -> None:
    chat_id = dilshod.writes("иголка")
    needle = last_message(chat_id)
    for number in range(60):
        dilshod.writes(f"сено {number}")
    page = cast.botir.browser.get(f"/chats/{chat_id}?at={needle}&q=иголка").text
    assert (
        bubble(page, needle)
        and 'id="later"' in page
        and "сено 59" not in page.partition('id="flow"')[2].partition('id="newer"')[0]
    )
    cursor = re.search(r'data-later="([^"]+)"', page)
    assert cursor
    later = cast.botir.browser.get(cursor[1].replace("&amp;", "&"), headers=HX).text
    assert "сено 59" in later and 'id="later"' not in later


@pytest.mark.clause("8.4")
def test_words_are_found_inside_one_chat_beyond_the_window(dilshod: Client, cast: Cast) -> None:
    chat_id = dilshod.writes("иголка в начале")
    needle = last_message(chat_id)
    for number in range(55):
        dilshod.writes(f"сено {number}")
    Client("Другой", 555).writes("иголка у другого")
    remember()
    found = cast.botir.browser.get(f"/chats/{chat_id}/find?q=иголку", headers=HX).text
    assert re.findall(r'data-hit="([^"]+)"', found) == [str(needle)]
    assert cast.botir.browser.get(f"/chats/{chat_id}/find?q=иголку").status_code == 303


@pytest.mark.clause("15.5")
def test_a_card_is_masked_and_shown_only_with_the_right_and_journalled(dilshod: Client, cast: Cast) -> None:
    chat_id = dilshod.writes(f"моя карта {CARD}")
    message_id = last_message(chat_id)
    address = f"/chats/{chat_id}/unmask/{message_id}"
    given(chat_id, cast.aziza)
    page = cast.botir.browser.get(f"/chats/{chat_id}").text
    assert "•••• 1111" in page and CARD not in page and "data-unmasks" in page
    assert "data-unmasks" not in cast.aziza.browser.get(f"/chats/{chat_id}").text
    assert cast.aziza.browser.post(address).status_code == 403
    shown = cast.botir.browser.post(address, headers=HX)
    assert CARD in shown.text
    without_scripts = cast.botir.browser.post(address)
    assert without_scripts.status_code == 303
    target = without_scripts.location
    assert CARD in cast.botir.browser.get(target).text
    assert CARD not in cast.aziza.browser.get(target).text
    kinds = list(db.session.scalars(text("SELECT object_id FROM journal WHERE kind = 'message.unmasked'")))
    assert kinds == [str(message_id)] * 2


@pytest.mark.clause("15.5")
def test_codes_and_cvv_are_not_stored_at_all(dilshod: Client, cast: Cast) -> None:
    chat_id = dilshod.writes("cvv 737, код из смс 482913")
    given(chat_id, cast.aziza)
    assert (
        "737"
        not in bubble(cast.aziza.browser.get(f"/chats/{chat_id}").text, last_message(chat_id)).partition("text")[2]
    )
    from app.queries import whole

    assert whole.text_of(chat_id, last_message(chat_id)) == "cvv •••, код из смс ••••••"
    cast.aziza.browser.post(f"/chats/{chat_id}/note", {"text": "клиент назвал cvv 737"})
    assert whole.text_of(chat_id, last_message(chat_id)) == "клиент назвал cvv •••"


@pytest.mark.clause("15.5")
@pytest.mark.parametrize("said", ["Пришлите код из СМС", "SMS kodni yuboring", "СМС кодни юборинг"])
def test_asking_for_a_code_is_sent_only_when_sent_twice(dilshod: Client, cast: Cast, said: str) -> None:
    chat_id = dilshod.writes("salom")
    given(chat_id, cast.aziza)
    asked = {"text": said}
    first = cast.aziza.browser.post(f"/chats/{chat_id}/say", asked, headers=HX)
    assert first.status_code == 422 and first.headers["X-Confirm"]
    page = cast.aziza.browser.post(f"/chats/{chat_id}/say", asked)
    assert f"{said}</textarea>" in page.text and 'name="confirmed" value="1"' in page.text
    assert db.session.scalar(text("SELECT count(*) FROM message")) == 1
    db.session.rollback()
    assert cast.aziza.browser.post(f"/chats/{chat_id}/say", asked | {"confirmed": "1"}, headers=HX).status_code == 204
    assert db.session.scalar(text("SELECT count(*) FROM message")) == 2


@pytest.mark.clause("9.4")
def test_a_finished_chat_is_continued_by_an_outgoing_episode(dilshod: Client, cast: Cast) -> None:
    chat_id = dilshod.writes("salom")
    given(chat_id, cast.aziza)
    finished(chat_id)
    assert "write-first" in cast.aziza.browser.get(f"/chats/{chat_id}").text
    assert cast.aziza.browser.post(f"/chats/{chat_id}/write").status_code == 303
    asked = text("SELECT direction, type, owner_id, number FROM episode WHERE chat_id = :id AND closed_at IS NULL")
    assert tuple(db.session.execute(asked, {"id": chat_id}).one()) == ("out", "outgoing", cast.aziza.id, 2)
    db.session.rollback()
    cast.aziza.browser.post(f"/chats/{chat_id}/say", {"text": "Здравствуйте, ваша карта готова"})
    parts = db.session.scalar(text("SELECT count(*) FROM outbox WHERE chat_id = :id"), {"id": chat_id})
    assert parts == 1
    db.session.rollback()
    assert cast.aziza.browser.post(f"/chats/{chat_id}/write", headers=HX).status_code == 409


@pytest.mark.clause("9.4")
def test_a_client_who_blocked_the_bot_is_not_written_to_and_it_says_why(dilshod: Client, cast: Cast) -> None:
    chat_id = dilshod.writes("salom")
    given(chat_id, cast.aziza)
    finished(chat_id)
    with transaction():
        db.session.execute(text("UPDATE identity SET blocked_us_at = now()"))
    page = cast.aziza.browser.get(f"/chats/{chat_id}").text
    assert "write-first" not in page
    answer = cast.aziza.browser.post(f"/chats/{chat_id}/write", headers=HX)
    assert answer.status_code == 409
    assert db.session.scalar(text("SELECT count(*) FROM episode WHERE closed_at IS NULL")) == 0


@pytest.mark.clause("12.25", "15.5")
def test_the_page_of_keys_shows_how_a_rotation_goes(app: Flask, cast: Cast) -> None:
    answer = cast.kamola.browser.get("/office/keys")
    assert answer.status_code == 200
    assert cast.aziza.browser.get("/office/keys").status_code == 403


def _document(name: str, **more: Any) -> dict[str, Any]:
    return {"document": {"file_id": "f1", "file_unique_id": "u1", "file_name": name}, **more}


@pytest.mark.clause("15.5")
def test_a_number_in_a_files_name_is_shown_only_with_the_right_and_journalled(dilshod: Client, cast: Cast) -> None:
    chat_id = dilshod.writes(**_document(f"karta {CARD}.pdf"))
    file_id, message_id = db.session.execute(text("SELECT id, message_id FROM file")).one()
    db.session.rollback()
    given(chat_id, cast.aziza)
    address = f"/chats/{chat_id}/unmask-name/{file_id}"
    page = cast.botir.browser.get(f"/chats/{chat_id}").text
    assert "•••• 1111.pdf" in page and CARD not in page and address in page
    assert cast.aziza.browser.post(address).status_code == 403
    assert CARD in cast.botir.browser.post(address, headers=HX).text
    target = cast.botir.browser.post(address).location
    assert f"karta {CARD}.pdf" in cast.botir.browser.get(target).text
    assert CARD not in cast.aziza.browser.get(target).text
    assert CARD not in cast.botir.browser.get(target.replace("shown=", "shown=0")).text
    rows = db.session.execute(text("SELECT object_kind, object_id FROM journal WHERE kind = 'message.unmasked'")).all()
    assert [tuple(row) for row in rows] == [("file", str(file_id))] * 2
    assert str(message_id) in target


@pytest.mark.clause("15.5")
def test_a_files_name_is_shown_whole_only_in_its_own_chat(dilshod: Client, cast: Cast) -> None:
    chat_id = dilshod.writes(**_document(f"karta {CARD}.pdf"))
    other = Client("Nodira", 4343).writes("salom")
    file_id = db.session.scalar(text("SELECT id FROM file"))
    db.session.rollback()
    assert cast.botir.browser.post(f"/chats/{other}/unmask-name/{file_id}", headers=HX).status_code == 404
    assert cast.botir.browser.post(f"/chats/{chat_id}/unmask-name/{last_message(chat_id)}").status_code == 404
    plain = dilshod.writes(**_document("ariza.pdf"))
    assert cast.botir.browser.get(f"/chats/{plain}").text.count('id="name-') == 1


@pytest.mark.clause("15.5")
def test_an_album_shows_the_one_name_that_was_asked_for(dilshod: Client, cast: Cast) -> None:
    dilshod.writes(**_document(f"birinchi {CARD}.pdf", media_group_id="a1"))
    chat_id = dilshod.writes(**_document("ikkinchi 8600 1234 5678 9012.pdf", media_group_id="a1"))
    file_id = db.session.scalar(text("SELECT id FROM file ORDER BY id LIMIT 1"))
    db.session.rollback()
    target = cast.botir.browser.post(f"/chats/{chat_id}/unmask-name/{file_id}").location
    page = cast.botir.browser.get(target).text
    assert f"birinchi {CARD}.pdf" in page and "ikkinchi •••• 9012.pdf" in page
