"""A client's words teach in which language he is answered; what somebody has said outweighs them (clause 9.1)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, text

from app.actions import customers, reply
from app.actions.customers import Seen
from app.base import clock
from app.models.db import db, transaction
from app.queries import auto_replies, rules, templates
from tests.cast import Cast
from tests.customer.conftest import DILSHOD, FROM_HERE, SHAHNOZA, House, seen_by, takes
from tests.peers import Peer
from tests.road.conftest import message

pytestmark = pytest.mark.clause("9.1")

RU = "Здравствуйте, у меня не работает карта"
RU_LATN = "Zdravstvuyte, u menya ne rabotaet karta"
UZ_LATN = "Assalomu alaykum, mening kartam ishlamayapti"
UZ_CYRL = "Ассалому алайкум, менинг картам ишламаяпти"
EN = "Hello, my card does not work any more"
GREETING = {"ru": "Привет", "uz_Latn": "Salom!", "uz_Cyrl": "Салом!", "en": "Welcome"}


def writes(house: House, words: str, phone: str = "ru", who: int = DILSHOD) -> int:
    """A client whose telephone is set to a language."""
    person = {"id": who, "is_bot": False, "first_name": "Dilshod", "language_code": phone}
    return house.says(who, words, **{"from": person})


def known(house: House) -> tuple[str, str]:
    row = db.session.execute(text("SELECT language, language_source FROM customer ORDER BY id LIMIT 1")).one()
    db.session.rollback()
    return row[0], row[1]


def waits_in(house: House, chat_id: int) -> Any:
    return house.one("SELECT language FROM standing WHERE chat_id = :id", id=chat_id)


@pytest.fixture
def greets(house: House) -> Iterator[None]:
    """The desk greets at whatever hour; elsewhere in the tests it is silent."""
    said = {"texts": json.dumps(GREETING)}
    switch = "UPDATE auto_reply SET archived_at = {} WHERE kind IN ('greeting', 'out_of_hours', 'holiday')"
    with transaction():
        before = {row.id: row.texts for row in db.session.execute(text("SELECT id, texts FROM auto_reply"))}
        db.session.execute(text(switch.format("NULL")))
        db.session.execute(text("UPDATE auto_reply SET texts = CAST(:texts AS jsonb)"), said)
    yield
    with transaction():
        db.session.execute(text(switch.format("now()")))
        for number, texts in before.items():
            back = {"id": number, "texts": json.dumps(texts)}
            db.session.execute(text("UPDATE auto_reply SET texts = CAST(:texts AS jsonb) WHERE id = :id"), back)


def group_for(*languages: str) -> int:
    """A group to which the rules send these languages."""
    with transaction():
        made = db.session.scalar(
            text('INSERT INTO staff_group (names, position) VALUES (\'{"ru": "G"}\', 1) RETURNING id')
        )
        rule = {"names": '{"ru": "R"}', "conditions": json.dumps([{"kind": "language", "value": languages}])}
        db.session.execute(
            text("""INSERT INTO routing_rule (names, position, conditions, outcome)
                    VALUES (CAST(:names AS jsonb), 1, CAST(:conditions AS jsonb), CAST(:outcome AS jsonb))"""),
            {**rule, "outcome": json.dumps({"group": made})},
        )
        db.session.execute(text("UPDATE rules_version SET number = number + 1"))
    rules.forget()
    return int(made or 0)


@pytest.mark.parametrize(
    ("words", "language", "greeting"),
    [
        (RU, "ru", "Привет"),
        (RU_LATN, "ru_Latn", "Привет"),
        (UZ_LATN, "uz_Latn", "Salom!"),
        (UZ_CYRL, "uz_Cyrl", "Салом!"),
        (EN, "en", "Welcome"),
    ],
)
@pytest.mark.parametrize("phone", ["uz", ""])
def test_the_first_words_decide_greeting_rules_and_who_may_answer(
    house: House, greets: None, telegram: Peer, words: str, language: str, greeting: str, phone: str
) -> None:
    spoken = "ru" if language == "ru_Latn" else language
    group_id = group_for(spoken)
    chat_id = writes(house, words, phone)

    assert known(house) == (language, "recognised")
    assert waits_in(house, chat_id) == spoken
    assert house.one("SELECT language FROM episode") == language
    assert house.one("SELECT group_id FROM standing") == group_id
    assert house.sent(telegram)[0] == greeting


def test_what_has_no_words_leaves_what_the_telephone_says(house: House) -> None:
    chat_id = writes(house, "👋 8600 1234", "uz")
    assert known(house) == ("uz_Latn", "hint")
    assert waits_in(house, chat_id) == "uz_Latn"


def test_a_later_message_turns_a_waiting_chat_and_the_rules_are_asked_again(house: House) -> None:
    uzbek = group_for("uz_Latn")
    chat_id = writes(house, "👋", "ru")
    queued = house.one("SELECT queued_at FROM standing")
    assert (waits_in(house, chat_id), house.one("SELECT group_id FROM standing")) == ("ru", None)

    writes(house, UZ_LATN, "ru")
    assert known(house) == ("uz_Latn", "recognised")
    assert waits_in(house, chat_id) == "uz_Latn"
    assert house.one("SELECT language FROM episode") == "uz_Latn"
    assert house.one("SELECT group_id FROM standing") == uzbek
    assert house.one("SELECT queued_at FROM standing") == queued


def test_a_word_or_two_do_not_turn_it_back(house: House) -> None:
    writes(house, UZ_LATN)
    chat_id = writes(house, "ok spasibo")
    assert (known(house), waits_in(house, chat_id)) == (("uz_Latn", "recognised"), "uz_Latn")
    chat_id = writes(house, RU)
    assert (known(house), waits_in(house, chat_id)) == (("ru", "recognised"), "ru")


def test_a_hint_the_words_confirm_is_no_hint_any_more(house: House) -> None:
    writes(house, UZ_LATN, "uz")
    writes(house, "ok spasibo", "uz")
    assert known(house) == ("uz_Latn", "recognised")


def test_a_chat_somebody_has_sent_to_a_group_stays_there(house: House, cast: Cast) -> None:
    uzbek = group_for("uz_Latn")
    chat_id = writes(house, "👋")
    takes(cast.aziza, chat_id)
    with transaction():
        db.session.execute(text("UPDATE standing SET stage = 'queue', owner_id = NULL, group_id = NULL"))
    writes(house, UZ_LATN)
    assert waits_in(house, chat_id) == "uz_Latn"
    assert house.one("SELECT group_id FROM standing") != uzbek


def test_an_answered_request_is_remembered_in_the_language_it_began_in(house: House, cast: Cast) -> None:
    chat_id = writes(house, RU)
    aziza = takes(cast.aziza, chat_id)
    reply.say(chat_id, "Здравствуйте", aziza, clock.now())
    writes(house, UZ_LATN)
    assert known(house) == ("uz_Latn", "recognised")
    assert house.one("SELECT language FROM episode") == "ru"
    to = auto_replies.addressee(chat_id)
    assert to is not None
    assert to.language == "uz_Latn"


def test_what_an_operator_has_said_outweighs_words_and_asks_the_rules(house: House, cast: Cast) -> None:
    english = group_for("en")
    chat_id = writes(house, RU)
    botir = takes(cast.botir, chat_id)
    customers.speaks(seen_by(botir, chat_id), "en", Seen(0, FROM_HERE), botir, clock.now())
    writes(house, UZ_LATN)
    assert known(house) == ("en", "operator")
    writes(house, EN, who=SHAHNOZA)
    assert house.one("SELECT group_id FROM standing ORDER BY chat_id DESC LIMIT 1") == english


def test_the_language_chosen_on_the_site_outweighs_everybody(house: House, cast: Cast) -> None:
    client = house.visitor()
    client.says(RU)
    assert known(house) == ("ru", "recognised")
    chosen = {"X-Language-Chosen": "1", "X-Language": "uz-Cyrl"}
    client.post("session", json={"proof": ""}, headers=chosen)
    assert known(house) == ("uz_Cyrl", "chosen")
    assert house.one("SELECT language FROM standing") == "uz_Cyrl"
    client.says(EN)
    assert known(house) == ("uz_Cyrl", "chosen")


def test_a_choice_made_before_the_first_word_decides_the_greeting(house: House, greets: None) -> None:
    client = house.visitor()
    chosen = {"X-Language-Chosen": "1", "X-Language": "en"}
    client.post("session", json={"proof": ""}, headers=chosen)
    client.post("messages", data={"id": "word-1234", "text": RU}, headers=chosen)
    assert known(house) == ("en", "chosen")
    assert "Welcome" in client.reads()


def test_templates_follow_the_clients_words(house: House, cast: Cast) -> None:
    chat_id = writes(house, UZ_CYRL)
    aziza = takes(cast.aziza, chat_id)
    with transaction():
        db.session.execute(
            text("""INSERT INTO template (names, folder, texts, position)
                    VALUES (CAST(:n AS jsonb), '{}', CAST(:t AS jsonb), 1)"""),
            {"n": '{"ru": "Salom"}', "t": json.dumps(GREETING)},
        )
    assert "Салом!" in [one.text for one in templates.offered(aziza, seen_by(aziza, chat_id), "Bank")]


def test_while_a_card_is_being_changed_a_word_waits_for_nobody_and_the_next_one_teaches(house: House) -> None:
    writes(house, "👋")
    other = db.engine.connect()
    other.execute(text("SELECT 1 FROM customer FOR UPDATE"))
    writes(house, UZ_LATN)
    assert known(house)[1] == "hint"
    other.close()
    writes(house, UZ_LATN)
    assert known(house) == ("uz_Latn", "recognised")


def test_who_is_known_asks_the_database_no_more_than_before(house: House) -> None:
    writes(house, UZ_LATN)
    house.hear(message(UZ_LATN, of=DILSHOD), message("rahmat", of=DILSHOD))
    asked: list[str] = []

    def count(*said: Any) -> None:
        asked.append(said[2])

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        house.take()
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert len(asked) <= 16
    assert not any("UPDATE customer" in one for one in asked)
