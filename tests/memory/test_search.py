"""Sealed text is found by its words, in either script, by whoever may see it (clause 8.4)."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.base import clock, crypt
from app.models.db import db, transaction
from app.queries import history, search
from app.queries.search import Wish
from tests.cast import Cast
from tests.desk.clients import Client
from tests.memory.conftest import Ask, marked, remember, told
from tests.road.conftest import viewer_of

pytestmark = [pytest.mark.clause("8.4"), pytest.mark.own_database]

ASKED = ("карта заблокирована", "kartam bloklangan", "картам блокланган")


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Моя карта заблокирована, помогите", "karta zablokirovana"),
        ("Картамни йўқотдим", "kartamni yo'qotdim"),
        ("Oʻzbekistonga pul oʻtkazdim", "ўзбекистонга пул"),
        ("Özbekistonga jönatdim", "oʻzbekiston"),
        ("Şahar çegarasi", "shahar"),
        ("не пришли деньги на карту", "карта"),
        ("kartalarim ishlamayapti", "карталар"),
        ("Kredit olmoqchiman", "кредит"),
    ],
)
def test_a_word_is_found_in_any_script_and_form(dilshod: Client, cast: Cast, ask: Ask, said: str, asked: str) -> None:
    dilshod.writes(said)
    assert told(ask(cast.botir, asked)) == [said]


def test_the_same_question_in_three_spellings_finds_the_same_chats(dilshod: Client, cast: Cast, ask: Ask) -> None:
    for number, said in enumerate(("Kreditimni yopmoqchiman", "Кредитимни ёпмоқчиман", "кредит закрыть хочу"), 1):
        Client(f"Client {number}", 7000 + number).writes(said)
    found = [{hit.chat_id for hit in ask(cast.botir, asked).hits} for asked in ("кредит", "kredit", "Кредитим")]
    assert len(found[0]) == 3 and found[0] == found[1] == found[2]


def test_the_words_found_are_marked(dilshod: Client, cast: Cast, ask: Ask) -> None:
    dilshod.writes("Здравствуйте! Карту мою банкомат не отдаёт.")
    assert marked(ask(cast.botir, "karta bankomat")) == [["Карту", "банкомат"]]


def test_all_the_words_must_be_there_and_nothing_is_found_by_chance(dilshod: Client, cast: Cast, ask: Ask) -> None:
    dilshod.writes("карта не работает")
    assert not ask(cast.botir, "карта кредит").hits
    assert not ask(cast.botir, "картина").hits


def test_an_operator_finds_only_what_is_his_to_see(dilshod: Client, cast: Cast, ask: Ask) -> None:
    _given(dilshod.writes("редкоеслово"), cast.timur.id)
    assert not ask(cast.aziza, "редкоеслово").hits
    assert ask(cast.timur, "редкоеслово").hits and ask(cast.botir, "редкоеслово").hits


def _given(chat_id: int, person_id: int) -> None:
    with transaction():
        db.session.execute(
            text("UPDATE standing SET stage = 'work', owner_id = :id WHERE chat_id = :chat"),
            {"id": person_id, "chat": chat_id},
        )


def test_an_edit_is_found_by_its_new_words_only(dilshod: Client, cast: Cast, ask: Ask) -> None:
    dilshod.writes("первоначальный")
    assert ask(cast.botir, "первоначальный").hits
    with transaction():
        message_id = db.session.scalar(text("SELECT id FROM message ORDER BY id DESC LIMIT 1"))
        sealed = crypt.seal("исправленный", at=("message.text", message_id))
        db.session.execute(
            text("UPDATE message SET text = :text, edited_at = :now WHERE id = :id"),
            {"text": sealed, "now": clock.now(), "id": message_id},
        )
    assert ask(cast.botir, "исправленный").hits and not ask(cast.botir, "первоначальный").hits


def test_a_message_that_was_committed_late_is_found_too(dilshod: Client, cast: Cast, ask: Ask) -> None:
    early = clock.now() - timedelta(minutes=40)
    dilshod.writes("свежее")
    ask(cast.botir, "свежее")
    dilshod.writes("опоздавшее", now=early)
    with transaction():
        db.session.execute(text("UPDATE words_mark SET swept_at = 'epoch'"))
    assert ask(cast.botir, "опоздавшее").hits


def test_a_phone_is_found_whole_by_seven_and_by_four(dilshod: Client, cast: Cast, ask: Ask) -> None:
    dilshod.writes("позвоните мне 90 123-45-67 после обеда")
    for asked in ("+998 90 123 45 67", "901234567", "123-45-67", "4567"):
        assert ask(cast.botir, asked).hits, asked
    assert not ask(cast.botir, "7654").hits


def test_cards_and_codes_are_not_found(dilshod: Client, cast: Cast, ask: Ask) -> None:
    dilshod.writes("карта 4111 1111 1111 1111 cvv 737 смс код 482913")
    assert ask(cast.botir, "карта").hits
    for secret in ("4111", "1111", "737", "482913", "4111111111111111"):
        assert not ask(cast.botir, secret).hits, secret


def test_a_client_is_found_by_name_in_the_other_script_and_by_number(dilshod: Client, cast: Cast) -> None:
    chat_id = dilshod.writes("salom")
    remember()
    viewer = viewer_of(cast.botir)
    for words in ("Дилшод", "алиев", f"№ {chat_id}", str(chat_id), "client4242"):
        found = [line.chat_id for line in history.clients(viewer, Wish(words))]
        assert found == [chat_id] or words == "client4242", words


def test_pages_go_on_where_the_last_one_ended(dilshod: Client, cast: Cast) -> None:
    for number in range(search.PAGE + 5):
        dilshod.writes(f"страница {number}")
    remember()
    viewer = viewer_of(cast.botir)
    first = search.messages(viewer, Wish("страница"))
    rest = search.messages(viewer, Wish("страница"), first.after or "")
    assert (len(first.hits), len(rest.hits), rest.after) == (search.PAGE, 5, None)
    assert not {hit.message_id for hit in first.hits} & {hit.message_id for hit in rest.hits}


def test_filters_narrow_what_is_found(dilshod: Client, cast: Cast, ask: Ask) -> None:
    dilshod.writes("фильтр")
    today = clock.business_day(clock.now())
    assert ask(cast.botir, "фильтр", since=today, until=today).hits
    assert not ask(cast.botir, "фильтр", until=today - timedelta(days=1)).hits
    assert ask(cast.botir, "фильтр", channel_id=dilshod.channel_id, outcome="open").hits
    assert not ask(cast.botir, "фильтр", outcome="solved").hits
    assert not ask(cast.botir, "фильтр", owner_id=cast.aziza.id).hits
    assert not ask(cast.botir, "фильтр", topic_id=1).hits
    assert not ask(cast.botir, "фильтр", rating=5).hits


def test_the_history_lists_every_chat_one_may_see(dilshod: Client, cast: Cast) -> None:
    chat_id = dilshod.writes("salom")
    assert chat_id in [line.chat_id for line in history.chats(viewer_of(cast.botir), Wish()).lines]
    _given(chat_id, cast.timur.id)
    assert history.chats(viewer_of(cast.aziza), Wish()).lines == ()
