"""A visitor of the bank's site writes, an operator answers (clauses 1.3, 4.1)."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from app.actions import closing, reply
from app.base import clock, crypt
from app.models.chat import Outcome
from app.models.db import db
from tests.cast import Cast
from tests.widget.conftest import Visitor, chat_id, one, shown, taken_by, viewer_of, words_of

pytestmark = pytest.mark.clause("4.1")


def test_a_word_goes_the_road_of_every_channel_and_comes_back_in_the_same_answer(dilshod: Visitor) -> None:
    answer = dilshod.says("Kartam bloklandi")
    assert answer.status_code == 200
    assert words_of(shown(answer.json)) == ["Kartam bloklandi"]
    assert one("SELECT state FROM inbox") == "taken"
    assert one("SELECT count(*) FROM standing WHERE stage = 'queue'") == 1
    assert one("SELECT language FROM customer") == "uz_Latn"


def test_opening_the_chat_alone_makes_nobody_a_customer(dilshod: Visitor) -> None:
    assert dilshod.get().json["known"] is False
    assert one("SELECT count(*) FROM customer") == 0


def test_a_word_posted_twice_is_one_word(dilshod: Visitor) -> None:
    for _ in range(3):
        assert dilshod.says("Salom", number="11111111-aaaa").status_code == 200
    assert one("SELECT count(*) FROM message") == 1


def test_two_visitors_may_use_the_same_number(app: Flask, key: str, dilshod: Visitor) -> None:
    other = Visitor(app, key)
    other.enters()
    dilshod.says("Salom", number="11111111-aaaa")
    other.says("Assalomu alaykum", number="11111111-aaaa")
    assert one("SELECT count(*) FROM message") == 2
    assert "Assalomu" not in dilshod.reads()


def test_history_stays_after_a_reload(dilshod: Visitor) -> None:
    dilshod.says("Birinchi")
    dilshod.says("Ikkinchi")
    again = dilshod.enters().json
    assert words_of(shown(again)) == ["Birinchi", "Ikkinchi"]
    assert again["whole"] is True


def test_an_answer_is_sent_when_it_is_committed_and_marked_by_the_page(cast: Cast, dilshod: Visitor) -> None:
    dilshod.says("Salom")
    said = reply.say(taken_by(cast.aziza), "Assalomu alaykum!", viewer_of(cast.aziza), clock.now())
    assert one("SELECT state FROM message WHERE id = :id", id=said) == "sent"
    assert one("SELECT count(*) FROM outbox WHERE state = 'queued'") == 0
    assert "Assalomu alaykum!" in dilshod.reads()
    for state in ("delivered", "read", "delivered"):
        assert dilshod.post("marks", json={"upto": str(said), "state": state}).status_code == 204
    assert one("SELECT state FROM message WHERE id = :id", id=said) == "read"


def test_a_visitor_marks_only_words_of_the_own_dialogue(app: Flask, cast: Cast, key: str, dilshod: Visitor) -> None:
    dilshod.says("Salom")
    said = reply.say(taken_by(cast.aziza), "Javob", viewer_of(cast.aziza), clock.now())
    other = Visitor(app, key)
    other.enters()
    other.says("Men boshqaman")
    other.post("marks", json={"upto": str(said), "state": "read"})
    assert one("SELECT state FROM message WHERE id = :id", id=said) == "sent"


def test_the_client_sees_the_public_name_and_never_the_login(cast: Cast, dilshod: Visitor) -> None:
    dilshod.says("Salom")
    reply.say(taken_by(cast.aziza), "Javob", viewer_of(cast.aziza), clock.now())
    answer = dilshod.get().json
    told = shown(answer) + answer["state"]
    assert "Азиза" in told
    assert "Каримова" not in told
    assert "aziza" not in told


def test_a_note_never_reaches_the_page(cast: Cast, dilshod: Visitor) -> None:
    dilshod.says("Salom")
    chat = taken_by(cast.aziza)
    noted = reply.note(chat, "Mijoz shubhali", viewer_of(cast.aziza), clock.now())
    reply.say(chat, "Javob", viewer_of(cast.aziza), clock.now(), reply_to=noted)
    for query in ("", "?since=1", "?before=9999999999999999-" + "f" * 32):
        assert "shubhali" not in dilshod.get(query).get_data(as_text=True)
    db.session.remove()


def test_what_changed_since_a_revision_comes_alone(cast: Cast, dilshod: Visitor) -> None:
    dilshod.says("Salom")
    rev = dilshod.get().json["rev"]
    reply.say(taken_by(cast.aziza), "Javob", viewer_of(cast.aziza), clock.now())
    changed = dilshod.get(f"?since={rev}").json
    assert words_of(shown(changed)) == ["Javob"]
    assert "Азиза" in shown(changed)
    assert changed["whole"] is False


def test_older_words_come_on_demand(dilshod: Visitor) -> None:
    dilshod.says("Eski gap")
    chat, identity = chat_id(), one("SELECT id FROM identity")
    for number in range(60):
        _plant(chat, identity, f"gap {number}", number)
    newest = dilshod.get().json
    assert "Eski gap" not in shown(newest)
    older = dilshod.get(f"?before={newest['before']}").json
    assert "Eski gap" in shown(older)
    assert older["before"] is None
    assert dilshod.get("?before=bogus").json["items"] == []


def test_the_client_ends_the_dialogue_and_writes_again(cast: Cast, dilshod: Visitor) -> None:
    dilshod.says("Salom")
    chat = taken_by(cast.aziza)
    ended = dilshod.post("finish", json={})
    assert ended.status_code == 200
    assert "data-open" not in ended.json["state"]
    assert one("SELECT count(*) FROM standing") == 0
    assert one("SELECT data->>'by' FROM event WHERE verb = 'finished'") == "client"
    assert dilshod.post("finish", json={}).status_code == 200
    dilshod.says("Yana bir savol")
    assert chat_id() == chat
    assert one("SELECT count(*) FROM episode") == 2
    assert words_of(dilshod.reads()) == ["Salom", "Yana bir savol"]


def test_the_client_is_told_when_the_bank_has_finished(cast: Cast, dilshod: Visitor) -> None:
    dilshod.says("Salom")
    closing.finish(taken_by(cast.aziza), Outcome.SOLVED, [], "ichki izoh", viewer_of(cast.aziza), clock.now())
    told = dilshod.reads()
    assert 'class="event"' in told
    assert "ichki izoh" not in told


def test_the_place_in_the_queue_counts_who_waits_longer(app: Flask, key: str, dilshod: Visitor) -> None:
    dilshod.language = "en"
    dilshod.enters()
    for _ in range(2):
        other = Visitor(app, key)
        other.enters()
        other.says("Avval keldim")
    dilshod.says("Salom")
    assert "number 3 in the queue" in dilshod.get().json["state"]


def test_scripts_in_a_word_are_text(dilshod: Visitor) -> None:
    dilshod.says('<img src=x onerror="alert(1)"><script>alert(2)</script>')
    told = dilshod.reads()
    assert "<img" not in told
    assert "<script" not in told
    assert "&lt;script&gt;" in told


@pytest.mark.clause("13.2")
def test_the_address_is_kept_sealed(dilshod: Visitor) -> None:
    dilshod.says("Salom")
    identity, sealed = one("SELECT id FROM identity"), one("SELECT address FROM identity")
    assert b"198.51.100.7" not in bytes(sealed)
    assert crypt.open_sealed(sealed, ("identity.address", identity)) == "198.51.100.7"


def test_an_empty_and_an_endless_word_are_refused_with_a_sentence(dilshod: Visitor) -> None:
    assert dilshod.says("   ").json["error"] == "NothingWritten"
    assert dilshod.says("x" * 5000).json["error"] == "TooMuchWritten"
    assert dilshod.says("Salom", number="; DROP").status_code == 422
    assert one("SELECT count(*) FROM inbox") == 0


def test_a_flood_is_slowed_with_a_notice_and_nothing_is_lost(dilshod: Visitor) -> None:
    answers = [dilshod.says(f"gap {number}", number=f"flood-{number:04}") for number in range(20)]
    slowed = next(one for one in answers if one.status_code == 429)
    assert int(slowed.headers["Retry-After"]) >= 1
    assert "s" in slowed.json["notice"]
    assert one("SELECT count(*) FROM message") == sum(one.status_code == 200 for one in answers) >= 12


def _plant(chat: int, identity: int, words: str, number: int) -> None:
    from sqlalchemy import text

    from app.base import ids
    from app.models.db import transaction

    now = clock.now() + timedelta(milliseconds=number)
    key: UUID = ids.uuid7(now)
    values = {"id": key, "chat": chat, "identity": identity, "now": now}
    with transaction():
        db.session.execute(
            text("""INSERT INTO message (id, chat_id, episode_id, identity_id, kind, at, received_at, text, rev)
                    VALUES (:id, :chat, (SELECT max(id) FROM episode), :identity, 'client', :now, :now, :text, 1)"""),
            {**values, "text": crypt.seal(words, at=("message.text", key))},
        )
