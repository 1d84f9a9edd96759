"""An own message edited and taken back at the desk; what it said before stays for employees."""

import re

import pytest
from sqlalchemy import text

from app.actions import reply, routing
from app.base import clock
from app.models.db import db, transaction
from tests.cast import Cast
from tests.desk.clients import Client, bubble
from tests.desk.test_visible import viewer

pytestmark = pytest.mark.clause("1.2")


def said(cast: Cast, client: Client, words: str = "Karta tayor") -> tuple[int, str]:
    """A chat of Aziza's, and a message that the channel has taken."""
    chat_id, by = client.writes("Salom"), viewer(cast.aziza)
    routing.take(chat_id, by, clock.now())
    message_id = reply.say(chat_id, words, by, clock.now())
    with transaction():
        db.session.execute(text("UPDATE message SET state = 'sent' WHERE id = :id"), {"id": message_id})
        db.session.execute(text("UPDATE outbox SET state = 'sent' WHERE message_id = :id"), {"id": message_id})
    return chat_id, str(message_id)


def test_a_message_is_edited_and_its_earlier_text_is_kept(cast: Cast, dilshod: Client) -> None:
    chat_id, message_id = said(cast, dilshod)
    desk = cast.aziza.browser
    assert "Karta tayor" in desk.get(f"/chats/{chat_id}/reword/{message_id}").text
    assert desk.post(f"/chats/{chat_id}/reword/{message_id}", {"text": "Karta ertaga tayor"}).status_code == 303
    drawn = bubble(desk.get(f"/chats/{chat_id}").text, message_id)
    assert "Karta ertaga tayor" in drawn
    assert re.search(r'class="earlier".*Karta tayor', drawn, re.DOTALL)


def test_a_message_taken_back_says_so_and_keeps_its_text(cast: Cast, dilshod: Client) -> None:
    chat_id, message_id = said(cast, dilshod)
    desk = cast.aziza.browser
    assert f'data-by="{cast.aziza.id}"' in bubble(desk.get(f"/chats/{chat_id}").text, message_id)
    desk.post(f"/chats/{chat_id}/take-back/{message_id}")
    drawn = bubble(desk.get(f"/chats/{chat_id}").text, message_id)
    assert 'class="msg mine gone"' in drawn
    assert "Karta tayor" in drawn
    assert "data-edits" not in drawn


def test_the_composer_gets_the_text_as_it_was_sent(cast: Cast, dilshod: Client) -> None:
    chat_id, message_id = said(cast, dilshod, "8600 1234 5678 9012\n<b>")
    address = f"/chats/{chat_id}/reword/{message_id}"
    answer = cast.aziza.browser.get(address, headers={"HX-Request": "true"})
    assert answer.text == "8600 1234 5678 9012\n<b>"
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_a_colleague_gets_neither_the_text_nor_the_right(cast: Cast, dilshod: Client) -> None:
    chat_id, message_id = said(cast, dilshod)
    for who in (cast.timur, cast.botir):
        assert who.browser.get(f"/chats/{chat_id}/reword/{message_id}").status_code in (403, 404)
        headers = {"HX-Request": "true"}
        for verb in ("reword", "take-back"):
            answer = who.browser.post(f"/chats/{chat_id}/{verb}/{message_id}", {"text": "Boshqa"}, headers=headers)
            assert answer.status_code in (403, 404, 409)


def test_a_word_that_is_not_sent_yet_cannot_be_changed(cast: Cast, dilshod: Client) -> None:
    chat_id, by = dilshod.writes("Salom"), viewer(cast.aziza)
    routing.take(chat_id, by, clock.now())
    message_id = reply.say(chat_id, "Salom", by, clock.now())
    assert "data-by" not in bubble(cast.aziza.browser.get(f"/chats/{chat_id}").text, message_id)
