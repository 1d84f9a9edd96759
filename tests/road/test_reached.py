"""Whom nothing reaches, and whoever is back; what a client does without saying anything."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.actions import delivery, reply, rewording
from app.base import clock
from app.models.db import db
from app.models.viewer import Viewer
from tests.peers import Peer
from tests.road.conftest import DILSHOD, Bank, edited, message

pytestmark = [pytest.mark.clause("1.1"), pytest.mark.clause("1.2")]

_EVENTS = "SELECT string_agg(verb, ' ' ORDER BY at, id) FROM event WHERE verb LIKE 'client%' OR verb = 'started'"
_UNREACHED = "SELECT blocked_us_at IS NOT NULL FROM identity"


def membership(status: str, of: int = DILSHOD) -> dict[str, Any]:
    """The client blocks the bot, or lets it in again."""
    bot = {"id": 123456, "is_bot": True, "first_name": "Bank"}
    chat, person = {"id": of, "type": "private"}, {"id": of, "is_bot": False, "first_name": "Dilshod"}
    change = {"chat": chat, "from": person, "date": int(clock.now().timestamp())}
    was, now = {"user": bot, "status": "member"}, {"user": bot, "status": status}
    update = message(of=of)["update_id"]
    return {"update_id": update, "my_chat_member": {**change, "old_chat_member": was, "new_chat_member": now}}


@pytest.mark.parametrize("state", ["blocked", "deactivated", "kicked"])
def test_whom_an_answer_does_not_reach_is_known_for_unreachable(
    bank: Bank, telegram: Peer, aziza: Viewer, state: str
) -> None:
    telegram.chat(DILSHOD, **{state: True})
    reply.say(bank.chat_id(), "Salom", aziza, clock.now())
    bank.deliver()

    assert bank.states() == ["failed"]
    assert bank.one("SELECT why FROM message WHERE state = 'failed'") == state
    assert bank.one(_UNREACHED)


def test_whoever_writes_again_is_reachable_though_nobody_told_that_he_let_us_in(
    bank: Bank, telegram: Peer, aziza: Viewer
) -> None:
    telegram.chat(DILSHOD, blocked=True)
    reply.say(bank.chat_id(), "Salom", aziza, clock.now())
    bank.deliver()
    db.session.execute(text("UPDATE identity SET blocked_us_at = blocked_us_at - interval '1 minute'"))
    db.session.commit()
    bank.receive(message("Men shu yerdaman"))

    assert not bank.one(_UNREACHED)
    assert bank.one(_EVENTS) == "client_unblocked_us"


def test_a_word_from_before_he_blocked_us_does_not_make_him_reachable(bank: Bank, aziza: Viewer) -> None:
    bank.receive(membership("kicked"))
    bank.receive(message("Oldin yozilgan", at=clock.now().timestamp() - 60))

    assert bank.one(_UNREACHED)
    assert "Oldin yozilgan" in bank.said()


def test_a_stranger_who_presses_or_blocks_without_a_word_is_no_client(bank: Bank) -> None:
    person = {"id": 5555, "is_bot": False, "first_name": "Begona"}
    query = {"id": "77", "from": person, "chat_instance": "1", "data": "eski:1"}
    press = {"update_id": message()["update_id"], "callback_query": query}
    bank.receive(press, membership("kicked", of=5556), membership("member", of=5557))

    assert bank.one("SELECT count(*) FROM customer") == 0
    assert bank.one("SELECT count(*) FROM inbox WHERE state = 'taken'") == 3


def test_start_pressed_in_an_open_chat_is_told_and_nobody_waits_for_an_answer(bank: Bank, aziza: Viewer) -> None:
    reply.say(bank.chat_id(), "Salom", aziza, clock.now())
    bank.receive(message("/start kredit"))

    assert "/start kredit" not in bank.said()
    assert bank.one(_EVENTS) == "started"
    assert bank.one("SELECT unread = 0 AND waits_since IS NULL FROM standing")


def test_words_behind_start_are_a_word(bank: Bank) -> None:
    bank.receive(message("/start karta bloklandi"))

    assert bank.said() == ["/start karta bloklandi"]
    assert bank.one("SELECT stage FROM standing") == "queue"


def test_an_edit_that_changes_nothing_one_sees_is_none(bank: Bank) -> None:
    first = message("Salom https://bank.uz", entities=[{"type": "url", "offset": 6, "length": 15}])
    bank.receive(first)
    bank.receive(edited(first, "Salom https://bank.uz"))
    assert bank.one("SELECT edited_at IS NULL FROM message")
    again = edited(first, "Salom https://bank.uz!")
    again["edited_message"]["edit_date"] += 5
    bank.receive(again)

    assert bank.said() == ["Salom https://bank.uz!"]
    assert bank.one("SELECT count(*) FROM message_version") == 1


def test_an_edit_cut_off_by_a_killed_sender_is_done_again(bank: Bank, telegram: Peer, aziza: Viewer) -> None:
    said = reply.say(bank.chat_id(), "Xato", aziza, clock.now())
    bank.deliver()
    rewording.reword(said, bank.chat_id(), "Toʻgʻri", aziza, clock.now())
    db.session.execute(text("UPDATE outbox SET state = 'sending', claimed_at = now() WHERE verb = 'edit'"))
    db.session.commit()
    bank.deliver()

    assert [call["params"]["text"] for call in telegram.calls("editMessageText")] == ["Toʻgʻri"]
    assert bank.one("SELECT count(*) FROM outbox WHERE state <> 'sent'") == 0


def test_what_could_not_be_sent_for_a_day_fails_whole_and_is_sent_again_whole(
    bank: Bank, telegram: Peer, aziza: Viewer
) -> None:
    telegram.fail(method="sendMessage", status=503, times=1)
    said = reply.say(bank.chat_id(), "a" * 5000, aziza, clock.now())
    delivery.drain(lambda: clock.now() + timedelta(hours=25))
    assert list(db.session.scalars(text("SELECT reason FROM outbox ORDER BY part"))) == ["expired", "expired"]
    assert bank.states() == ["failed"]
    db.session.rollback()
    reply.retry(said, bank.chat_id(), aziza, clock.now())
    bank.deliver()

    told = [call["params"]["text"] for call in telegram.calls("sendMessage") if call["status"] == 200]
    assert "".join(told) == "a" * 5000
    assert bank.states() == ["sent"]
