"""Undo of sending: who wishes it has five seconds to take a word back; otherwise it goes out by itself."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from app.actions import reply, routing, undoing
from app.base import clock
from app.models.db import db, transaction
from app.queries import draft
from tests.cast import Cast
from tests.desk.clients import Client, bubble, last_message, texts
from tests.desk.conftest import Listen
from tests.desk.test_visible import viewer

pytestmark = pytest.mark.clause("9.4")


def one(statement: str, **values: object) -> object:
    found = db.session.execute(text(statement), values).scalar()
    db.session.rollback()
    return found


@pytest.fixture
def chat_id(cast: Cast, dilshod: Client) -> int:
    """Aziza's chat; she wishes to undo."""
    cast.aziza.browser.post("/me/undo", {"undo": "on"})
    chat_id = dilshod.writes("Salom")
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    return chat_id


def said(cast: Cast, chat_id: int, words: str = "Salom, Dilshod") -> UUID:
    assert cast.aziza.browser.post(f"/chats/{chat_id}/say", {"text": words}).status_code == 303
    return last_message(chat_id)


def test_nobody_waits_who_did_not_wish_it(cast: Cast, dilshod: Client) -> None:
    chat_id = dilshod.writes("Salom")
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    said(cast, chat_id)
    assert one("SELECT next_at = queued_at FROM outbox") is True
    assert "data-undoes" not in cast.aziza.browser.get(f"/chats/{chat_id}").text


def test_a_word_waits_five_seconds_and_its_bubble_has_the_button(cast: Cast, chat_id: int, listen: Listen) -> None:
    aziza = listen(cast.aziza, f"chat:{chat_id}")
    message_id = said(cast, chat_id)
    assert one("SELECT next_at - queued_at FROM outbox") == timedelta(seconds=5)
    pushed, page = texts(aziza.heard()), cast.aziza.browser.get(f"/chats/{chat_id}").text
    assert bubble(pushed, message_id) == bubble(page, message_id)
    assert f'formaction="/chats/{chat_id}/undo/{message_id}"' in bubble(page, message_id)
    assert f'data-by="{cast.aziza.id}"' in bubble(page, message_id)


def test_undo_without_scripts_puts_the_word_back_into_the_field(cast: Cast, chat_id: int) -> None:
    message_id = said(cast, chat_id)
    answer = cast.aziza.browser.post(f"/chats/{chat_id}/undo/{message_id}", follow_redirects=True)
    assert ">Salom, Dilshod</textarea>" in answer.text
    assert f'id="m-{message_id}"' not in answer.text
    assert one("SELECT count(*) FROM outbox") == 0


def test_undo_puts_the_word_before_what_was_typed_meanwhile(cast: Cast, chat_id: int) -> None:
    message_id = said(cast, chat_id)
    url, script = f"/chats/{chat_id}/undo/{message_id}", {"HX-Request": "true"}
    answer = cast.aziza.browser.post(url, {"text": "Yana bir gap"}, headers=script)
    assert ">Salom, Dilshod\nYana bir gap</textarea>" in answer.text
    assert draft.text_of(chat_id, viewer(cast.aziza)) == "Salom, Dilshod\nYana bir gap"


def test_undo_keeps_what_the_word_quotes(cast: Cast, chat_id: int) -> None:
    quoted = last_message(chat_id)
    cast.aziza.browser.post(f"/chats/{chat_id}/say", {"text": "Salom, Dilshod", "reply_to": str(quoted)})
    url = f"/chats/{chat_id}/undo/{last_message(chat_id)}"
    answer = cast.aziza.browser.post(url, {"text": ""}, headers={"HX-Request": "true"}).text
    assert f'name="reply_to" value="{quoted}"' in answer
    assert 'id="quoted"><span dir="auto">Salom</span>' in answer


def test_the_client_waits_again_as_if_nothing_had_been_said(cast: Cast, chat_id: int) -> None:
    stands = "SELECT (waits_since, awaits_since, last_id, last_at)::text FROM standing"
    before = one(stands)
    message_id = said(cast, chat_id)
    assert one(stands) != before
    undoing.undo(message_id, chat_id, viewer(cast.aziza), clock.now())
    assert one(stands) == before
    assert one("SELECT first_reply_at FROM episode") is None


def test_an_earlier_answer_stays_the_last_one(cast: Cast, chat_id: int) -> None:
    said(cast, chat_id, "Birinchi")
    stands, replied = one("SELECT awaits_since FROM standing"), one("SELECT first_reply_at FROM episode")
    undoing.undo(said(cast, chat_id, "Ikkinchi"), chat_id, viewer(cast.aziza), clock.now())
    assert one("SELECT awaits_since FROM standing") == stands
    assert one("SELECT first_reply_at FROM episode") == replied


def test_everyone_in_the_chat_is_told_also_after_an_interruption(cast: Cast, chat_id: int, listen: Listen) -> None:
    rev = one("SELECT rev FROM chat WHERE id = :id", id=chat_id)
    botir = listen(cast.botir, f"chat:{chat_id}")
    message_id = said(cast, chat_id)
    botir.heard()
    undoing.undo(message_id, chat_id, viewer(cast.aziza), clock.now())
    assert f'data-gone="m-{message_id}"' in texts(botir.heard())
    assert f'data-gone="m-{message_id}"' in cast.botir.browser.get(f"/chats/{chat_id}/changes?since={rev}").text


def test_what_a_sender_has_claimed_is_not_taken_back(cast: Cast, chat_id: int) -> None:
    message_id = said(cast, chat_id)
    with transaction():
        db.session.execute(text("UPDATE outbox SET state = 'sending', tries = 1"))
    with pytest.raises(undoing.AlreadySent):
        undoing.undo(message_id, chat_id, viewer(cast.aziza), clock.now())
    assert one("SELECT count(*) FROM message WHERE id = :id", id=message_id) == 1
    assert one("SELECT count(*) FROM outbox") == 1


def test_nobody_takes_back_a_colleagues_word(cast: Cast, chat_id: int) -> None:
    message_id = said(cast, chat_id)
    with pytest.raises(undoing.AlreadySent):
        undoing.undo(message_id, chat_id, viewer(cast.botir), clock.now())
    assert one("SELECT count(*) FROM outbox") == 1


def test_what_failed_and_is_sent_again_has_no_undo(cast: Cast, chat_id: int) -> None:
    message_id = said(cast, chat_id)
    with transaction():
        db.session.execute(text("UPDATE outbox SET state = 'failed', tries = 3"))
        db.session.execute(text("UPDATE message SET state = 'failed' WHERE id = :id"), {"id": message_id})
    reply.retry(message_id, chat_id, viewer(cast.aziza), clock.now())
    assert "data-undoes" not in cast.aziza.browser.get(f"/chats/{chat_id}").text
