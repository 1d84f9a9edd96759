"""The road in: a client's word is stored before it is acknowledged, taken once, shown in order."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from psycopg import Connection
from sqlalchemy import text

from app.actions import intake
from app.base import clock
from app.models.db import db
from tests.browser.desk_server import wait_until
from tests.road.conftest import Bank, edited, message

pytestmark = pytest.mark.clause("1.1")


def test_a_first_word_opens_a_chat_in_the_queue(bank: Bank) -> None:
    bank.receive(message("Assalomu alaykum"))

    assert bank.said() == ["Assalomu alaykum"]
    assert bank.one("SELECT stage FROM standing") == "queue"
    assert bank.one("SELECT waits_since IS NOT NULL FROM standing")


def test_what_is_accepted_is_not_lost_when_nobody_takes_it(bank: Bank) -> None:
    bank.hear(message("1"), message("2"))

    assert bank.one("SELECT count(*) FROM inbox WHERE state = 'new'") == 2
    assert bank.take() == 2
    assert bank.said() == ["1", "2"]


def test_the_same_update_again_is_the_same_message(bank: Bank) -> None:
    update = message("once")
    for _ in range(3):
        bank.receive(update)

    assert bank.said() == ["once"]


def test_a_repeated_update_under_another_update_id_is_the_same_message(bank: Bank) -> None:
    """Telegram's update_id restarts at random after a silent week."""
    update = message("once")
    bank.receive(update)
    bank.receive({**update, "update_id": 7})

    assert bank.said() == ["once"]


def test_one_client_stays_in_one_chat(bank: Bank) -> None:
    bank.receive(message("1"))
    bank.receive(message("2"), message("other", of=77))

    assert bank.one("SELECT count(*) FROM chat") == 2
    assert bank.one("SELECT count(*) FROM episode") == 2
    assert bank.one("SELECT max(unread) FROM standing") == 2


def test_messages_stand_in_the_providers_order_whatever_order_they_arrive_in(bank: Bank) -> None:
    second = clock.now().timestamp() - 60
    updates = [message(str(n), number=5000 + n, at=second + n // 10) for n in range(30)]
    shuffled = random.Random(7).sample(updates, len(updates))
    for update in shuffled:
        bank.receive(update)

    assert bank.said() == [str(n) for n in range(30)]


def test_every_update_delivered_many_times_by_many_at_once_is_one_message(app: Flask, bank: Bank) -> None:
    second = clock.now().timestamp() - 100
    updates = [
        message(f"{client}/{n}", of=client, number=client * 100 + n, at=second + n)
        for client in range(1, 6)
        for n in range(10)
    ]
    deliveries = random.Random(1).sample(updates * 4, len(updates) * 4)

    def deliver(update: dict) -> None:  # type: ignore[type-arg]
        with app.app_context():
            bank.hear(update)
            intake.take(clock.now())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(deliver, deliveries))
    bank.take()

    for client in range(1, 6):
        assert [said for said in bank.said() if said.startswith(f"{client}/")] == [f"{client}/{n}" for n in range(10)]
    assert len(bank.said()) == 50
    assert bank.one("SELECT count(*) FROM inbox WHERE state <> 'taken'") == 0


def test_a_word_posted_while_its_lane_is_being_taken_is_taken_too(
    app: Flask, bank: Bank, superuser: "Connection[Any]"
) -> None:
    """Whoever has the lane may have read its rows before this one came: it would wait for the next look."""
    bank.hear(message("Kutmasin"))
    lane = bank.one("SELECT lane FROM inbox")

    def post() -> None:
        with app.app_context():
            intake.take_lane(bank.channel_id, lane, clock.now())

    with ThreadPoolExecutor(1) as pool, superuser.transaction():
        superuser.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"{bank.channel_id}:{lane}"])
        posted = pool.submit(post)
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        wait_until(lambda: superuser.execute(waiting).fetchone() != (0,), 10)

    posted.result(30)
    assert bank.said() == ["Kutmasin"]


def test_an_edit_shows_the_new_text_and_keeps_the_old(bank: Bank) -> None:
    first = message("Mening kartm")
    bank.receive(first)
    bank.receive(edited(first, "Mening kartam"))

    assert bank.said() == ["Mening kartam"]
    assert bank.one("SELECT count(*) FROM message_version") == 1


def test_an_edit_that_overtakes_its_message_is_shown_once(bank: Bank) -> None:
    first = message("Mening kartm")
    bank.receive(edited(first, "Mening kartam"))
    bank.receive(first)

    assert bank.said() == ["Mening kartam"]


def test_the_newest_edit_is_shown_whatever_order_they_arrive_in(bank: Bank) -> None:
    first = message("bir")
    edits = [edited(first, words) for words in ("ikki", "bir", "uch", "bir")]
    for seconds, edit in enumerate(edits, 5):
        edit["edited_message"]["edit_date"] = first["message"]["date"] + seconds
    bank.receive(first, edits[3])
    for edit in (edits[1], edits[0], edits[2]):
        bank.receive(edit)

    assert bank.said() == ["bir"]
    assert bank.one("SELECT count(*) FROM message_version") == 3


def test_what_cannot_be_read_is_kept_and_does_not_block_its_neighbours(bank: Bank) -> None:
    poll = message("")
    del poll["message"]["text"]
    poll["message"]["poll"] = {"id": "1", "question": "?"}
    bank.receive(message("before"), poll, message("after"))

    assert [said for said in bank.said() if said] == ["before", "after"]
    assert bank.one("SELECT count(*) FROM inbox WHERE state = 'unsupported'") == 1


def test_a_row_that_fails_stays_with_its_error_and_its_neighbours_are_taken(bank: Bank) -> None:
    bank.hear(message("before"), message("broken"), message("after"))
    db.session.execute(
        text(
            "UPDATE inbox SET raw = decode('00', 'hex') WHERE id = (SELECT id FROM inbox ORDER BY id OFFSET 1 LIMIT 1)"
        )
    )
    db.session.commit()
    bank.take()

    assert bank.said() == ["before", "after"]
    assert bank.one("SELECT error FROM inbox WHERE state = 'new'") == "SealBroken"
    assert bank.one("SELECT next_at > now() FROM inbox WHERE state = 'new'")


def test_a_late_word_below_an_answer_says_so(bank: Bank) -> None:
    bank.receive(message("first"))
    db.session.execute(text("UPDATE standing SET awaits_since = now(), waits_since = NULL"))
    db.session.commit()
    bank.receive(message("slow", at=clock.now().timestamp() - 600))

    assert bank.one("SELECT late FROM message WHERE at < now() - interval '5 minutes'")


@pytest.mark.parametrize("at", [1, 1_000_000_000])
def test_a_word_from_long_ago_stands_at_the_time_it_came(bank: Bank, at: float) -> None:
    bank.receive(message("clock of 2001", at=at))

    assert bank.one("SELECT at > now() - interval '1 minute' FROM message")


def test_a_word_from_the_future_stands_at_the_time_it_came(bank: Bank) -> None:
    bank.receive(message("clock ahead", at=clock.now().timestamp() + 9999))

    assert bank.one("SELECT at <= now() FROM message")


@pytest.mark.clause("15.5")
def test_no_word_of_the_client_stands_in_clear_in_the_database(bank: Bank, superuser: object) -> None:
    bank.receive(message("SIRLI-GAP-7781"))
    dumped = superuser.execute(  # type: ignore[attr-defined]
        "SELECT (SELECT string_agg(i::text, ' ') FROM inbox i) || (SELECT string_agg(m::text, ' ') FROM message m)"
        " || (SELECT string_agg(c::text, ' ') FROM customer c)"
    ).fetchone()[0]

    assert "SIRLI" not in dumped
    assert b"SIRLI".hex() not in dumped
    assert b"Dilshod".hex() not in dumped
