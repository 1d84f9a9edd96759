"""The road back: an operator's word reaches the client once, in order; what is uncertain is shown, never repeated."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from psycopg import Connection
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.actions import closing, reply, rewording, routing, snoozing
from app.base import clock
from app.models.chat import Outcome, Snooze
from app.models.db import db
from app.models.viewer import Viewer
from tests.browser.desk_server import wait_until
from tests.cast import Cast
from tests.peers import Peer
from tests.road.conftest import DILSHOD, Bank, message, viewer_of

pytestmark = pytest.mark.clause("1.2")


def sent(telegram: Peer) -> list[str]:
    return [call["params"]["text"] for call in telegram.calls("sendMessage") if call["status"] == 200]


def test_the_client_gets_the_answer(bank: Bank, telegram: Peer, aziza: Viewer) -> None:
    reply.say(bank.chat_id(), "Yordam beraman", aziza, clock.now())
    bank.deliver()

    assert sent(telegram) == ["Yordam beraman"]
    assert bank.states() == ["sent"]
    assert bank.one("SELECT waits_since IS NULL AND awaits_since IS NOT NULL FROM standing")
    assert bank.one("SELECT first_reply_at IS NOT NULL FROM episode")


def test_answers_go_out_in_the_order_said(bank: Bank, telegram: Peer, aziza: Viewer) -> None:
    for n in range(5):
        reply.say(bank.chat_id(), f"{n}", aziza, clock.now())
    bank.deliver()

    assert sent(telegram) == ["0", "1", "2", "3", "4"]


def test_a_form_sent_twice_is_one_message(bank: Bank, telegram: Peer, aziza: Viewer) -> None:
    first = reply.say(bank.chat_id(), "Salom", aziza, clock.now(), client_id="form-1")
    second = reply.say(bank.chat_id(), "Salom", aziza, clock.now(), client_id="form-1")
    bank.deliver()

    assert first == second
    assert sent(telegram) == ["Salom"]


def test_a_long_answer_is_sent_in_parts_and_shown_as_one(bank: Bank, telegram: Peer, aziza: Viewer) -> None:
    reply.say(bank.chat_id(), "😀" * 5000, aziza, clock.now())
    bank.deliver()

    assert len(sent(telegram)) == 3
    assert "".join(sent(telegram)) == "😀" * 5000
    assert bank.states() == ["sent"]


def test_a_client_who_blocked_the_bot_fails_the_message_with_the_reason(
    bank: Bank, telegram: Peer, aziza: Viewer
) -> None:
    telegram.chat(DILSHOD, blocked=True)
    reply.say(bank.chat_id(), "Salom", aziza, clock.now())
    bank.deliver()

    assert bank.states() == ["failed"]
    assert bank.one("SELECT why FROM message WHERE state = 'failed'") == "blocked"
    assert bank.one("SELECT trouble FROM standing")


def test_a_lost_answer_is_uncertain_and_not_sent_again_by_itself(bank: Bank, telegram: Peer, aziza: Viewer) -> None:
    telegram.fail(method="sendMessage", drop=True)
    reply.say(bank.chat_id(), "Salom", aziza, clock.now())
    bank.deliver()
    bank.deliver()

    assert bank.states() == ["uncertain"]
    assert len(telegram.calls("sendMessage")) == 1


def test_the_operator_may_send_an_uncertain_message_again(bank: Bank, telegram: Peer, aziza: Viewer) -> None:
    telegram.fail(method="sendMessage", drop=True)
    said = reply.say(bank.chat_id(), "Salom", aziza, clock.now())
    bank.deliver()
    reply.retry(said, bank.chat_id(), aziza, clock.now())
    bank.deliver()

    assert bank.states() == ["sent"]
    assert not bank.one("SELECT trouble FROM standing")


def test_whoever_has_lost_its_lock_is_not_overtaken(
    app: Flask, bank: Bank, telegram: Peer, aziza: Viewer, superuser: "Connection[Any]"
) -> None:
    """The lock ends with its connection while a word is still on its way: the next drain waits for that word."""
    telegram.fail(method="sendMessage", delay=2, times=1)
    for words in ("1", "2"):
        reply.say(bank.chat_id(), words, aziza, clock.now())
    db.session.commit()

    def first() -> None:
        with app.app_context(), suppress(OperationalError):
            bank.deliver()

    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(first)
        on_its_way = "SELECT count(*) FROM outbox WHERE state = 'sending'"
        wait_until(lambda: superuser.execute(on_its_way).fetchone() == (1,), 10)
        superuser.execute(  # of this database: others may be at work in theirs
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE classid = 7004"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        bank.deliver()
        sending.result(30)

    assert sent(telegram) == ["1", "2"]
    assert bank.states() == ["sent", "sent"]


def test_too_many_requests_wait_as_long_as_asked_and_keep_the_order(bank: Bank, telegram: Peer, aziza: Viewer) -> None:
    telegram.fail(method="sendMessage", status=429, retry_after=7)
    reply.say(bank.chat_id(), "1", aziza, clock.now())
    reply.say(bank.chat_id(), "2", aziza, clock.now())
    bank.deliver()

    assert sent(telegram) == []
    assert bank.one("SELECT max(next_at) - now() > interval '5 seconds' FROM outbox")
    db.session.execute(text("UPDATE outbox SET next_at = now()"))
    db.session.commit()
    bank.deliver()
    assert sent(telegram) == ["1", "2"]


def test_a_server_error_is_tried_again_later(bank: Bank, telegram: Peer, aziza: Viewer) -> None:
    telegram.fail(method="sendMessage", status=500)
    reply.say(bank.chat_id(), "Salom", aziza, clock.now())
    bank.deliver()

    assert bank.states() in (["queued"], ["uncertain"])


def test_a_part_cut_off_by_a_killed_sender_is_marked_uncertain(bank: Bank, telegram: Peer, aziza: Viewer) -> None:
    reply.say(bank.chat_id(), "Salom", aziza, clock.now())
    db.session.execute(text("UPDATE outbox SET state = 'sending', claimed_at = now()"))
    db.session.commit()
    reply.say(bank.chat_id(), "Yana", aziza, clock.now())
    bank.deliver()
    bank.deliver()

    assert bank.states() == ["uncertain", "sent"]
    assert sent(telegram) == ["Yana"]


def test_a_revoked_token_fails_the_message_and_marks_the_channel(bank: Bank, telegram: Peer, aziza: Viewer) -> None:
    telegram.fail(method="sendMessage", status=401, description="Unauthorized")
    reply.say(bank.chat_id(), "Salom", aziza, clock.now())
    bank.deliver()

    assert bank.states() == ["failed"]
    assert bank.one("SELECT trouble FROM channel") == "token"


def test_a_note_never_leaves_the_house(bank: Bank, telegram: Peer, aziza: Viewer) -> None:
    reply.note(bank.chat_id(), "Mijoz asabiy", aziza, clock.now())
    bank.deliver()

    assert bank.one("SELECT count(*) FROM outbox") == 0
    assert telegram.calls("sendMessage") == []


def test_only_the_owner_answers(bank: Bank, aziza: Viewer, cast: Cast) -> None:
    with pytest.raises(reply.NotYours):
        reply.say(bank.chat_id(), "Salom", viewer_of(cast.timur), clock.now())


def test_a_chat_has_one_owner_however_many_press_take(app: Flask, bank: Bank, cast: Cast) -> None:
    from concurrent.futures import ThreadPoolExecutor

    bank.receive(message("Salom"))
    chat_id = bank.chat_id()
    viewers = [viewer_of(cast.aziza), viewer_of(cast.timur)] * 8

    def press(viewer: Viewer) -> bool:
        with app.app_context():
            try:
                routing.take(chat_id, viewer, clock.now())
                return True
            except routing.AlreadyTaken:
                return False

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, viewers))

    assert bank.one("SELECT count(*) FROM assignment") == 1
    assert bank.one("SELECT count(*) FROM assignment WHERE ended_at IS NULL") == 1


def test_each_of_two_operators_takes_another_chat(app: Flask, bank: Bank, cast: Cast) -> None:
    bank.receive(message("1"), message("2", of=77))
    bank.one("UPDATE standing SET language = 'ru' RETURNING 1")  # which both of them speak

    first = routing.take_next(viewer_of(cast.aziza), clock.now())
    second = routing.take_next(viewer_of(cast.timur), clock.now())

    assert first != second
    with pytest.raises(routing.NobodyWaits):
        routing.take_next(viewer_of(cast.timur), clock.now())


@pytest.mark.clause("15.3.3", "9.3")
def test_a_finished_chat_keeps_its_number_when_the_client_writes_again(bank: Bank, aziza: Viewer) -> None:
    number = bank.chat_id()
    closing.finish(number, Outcome.SOLVED, [], "", aziza, clock.now() - timedelta(hours=2))
    bank.receive(message("Yana savol"))

    assert bank.chat_id() == number
    assert bank.one("SELECT count(*) FROM episode") == 2
    assert bank.one("SELECT stage FROM standing") == "queue"


def test_a_transferred_chat_is_the_colleagues(bank: Bank, aziza: Viewer, cast: Cast) -> None:
    routing.transfer(bank.chat_id(), aziza, clock.now(), to_person=cast.timur.id, note="Ruscha yozadi")

    assert bank.one("SELECT owner_id FROM standing") == cast.timur.id
    assert bank.one("SELECT count(*) FROM message WHERE kind = 'note'") == 1
    assert bank.one("SELECT count(*) FROM assignment WHERE ended_at IS NULL") == 1


@pytest.mark.clause("9.2")
def test_a_reworded_message_is_edited_at_the_clients(bank: Bank, telegram: Peer, aziza: Viewer) -> None:
    said = reply.say(bank.chat_id(), "Karta bloklandi", aziza, clock.now())
    bank.deliver()
    rewording.reword(said, bank.chat_id(), "Karta blokdan chiqdi", aziza, clock.now())
    bank.deliver()

    assert [call["params"]["text"] for call in telegram.calls("editMessageText")] == ["Karta blokdan chiqdi"]
    assert bank.states() == ["sent"]
    assert "Karta blokdan chiqdi" in bank.said()
    assert bank.one("SELECT count(*) FROM message_version") == 1


def test_a_message_taken_back_is_deleted_at_the_clients(bank: Bank, telegram: Peer, aziza: Viewer) -> None:
    said = reply.say(bank.chat_id(), "Xato", aziza, clock.now())
    bank.deliver()
    rewording.take_back(said, bank.chat_id(), aziza, clock.now())
    bank.deliver()

    assert len(telegram.calls("deleteMessage")) == 1
    assert bank.one("SELECT count(*) FROM message WHERE withdrawn_at IS NOT NULL") == 1


def test_nobody_rewords_a_colleagues_message(bank: Bank, telegram: Peer, aziza: Viewer, cast: Cast) -> None:
    said = reply.say(bank.chat_id(), "Salom", aziza, clock.now())
    bank.deliver()

    with pytest.raises(rewording.CannotChange):
        rewording.reword(said, bank.chat_id(), "Boshqa", viewer_of(cast.timur), clock.now())


def test_a_chat_set_aside_comes_back_at_its_time(bank: Bank, aziza: Viewer) -> None:
    now = clock.now()
    snoozing.snooze(bank.chat_id(), Snooze.UNTIL, now + timedelta(minutes=10), aziza, now)

    assert snoozing.wake(now + timedelta(minutes=9)) == 0
    assert snoozing.wake(now + timedelta(minutes=11)) == 1
    assert bank.one("SELECT snooze IS NULL AND owner_id IS NOT NULL FROM standing")


def test_a_chat_set_aside_comes_back_when_the_client_writes(bank: Bank, aziza: Viewer) -> None:
    snoozing.snooze(bank.chat_id(), Snooze.CLIENT, None, aziza, clock.now())
    bank.receive(message("Men shu yerdaman"))

    assert bank.one("SELECT snooze IS NULL FROM standing")
