"""What an operator keeps on the card: who may see and change what, and two who change at once."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from app.actions import customers, known, webchat
from app.actions.customers import Seen
from app.actions.journal import HERE
from app.base import clock
from app.models.customer import SegmentSource
from app.models.db import db, transaction
from app.models.viewer import SYSTEM, Viewer
from app.queries import card, chat_list, settings, thread
from app.queries.chat_list import Wish
from app.queries.visible import ChatView
from tests.cast import Cast
from tests.customer.conftest import DILSHOD, FROM_HERE, SHAHNOZA, House, seen_by, takes
from tests.road.conftest import message
from tests.widget.conftest import SECRET, SITE, Visitor, proof

SEEN = Seen(0, FROM_HERE)
PHONE = "+998901234567"


@pytest.fixture
def chat_id(house: House) -> int:
    return house.says(DILSHOD)


@pytest.fixture
def aziza(cast: Cast, chat_id: int) -> Viewer:
    return takes(cast.aziza, chat_id)


@pytest.fixture
def chat(aziza: Viewer, chat_id: int) -> ChatView:
    return seen_by(aziza, chat_id)


def contact(of: int, phone: str = PHONE, user_id: int | None = None) -> dict[str, Any]:
    return {"contact": {"phone_number": phone, "first_name": "Dilshod", "user_id": user_id or of}}


def shares(house: House, of: int, **more: Any) -> None:
    """The client shares a contact in the bot."""
    update = message("", of=of, **contact(of, **more))
    del update["message"]["text"]
    house.receive(update)


@pytest.mark.clause("1.5", "9.2")
def test_the_banks_name_stands_beside_the_channels(chat: ChatView, aziza: Viewer) -> None:
    customers.rename(chat, "Дилшод Каримов", SEEN, aziza, clock.now())
    shown = card.card(seen_by(aziza, chat.id), aziza)

    assert seen_by(aziza, chat.id).name == "Дилшод Каримов"
    assert shown.identities[0].name == "Dilshod"
    assert shown.changes[0].old == "Dilshod"


@pytest.mark.clause("1.5")
def test_of_two_who_change_at_once_the_last_counts_and_nothing_is_lost(
    house: House, cast: Cast, chat: ChatView, aziza: Viewer, botir: Viewer
) -> None:
    version = card.card(chat, aziza).version
    assert customers.rename(seen_by(botir, chat.id), "Ботир назвал", Seen(version, FROM_HERE), botir, clock.now()) == ""
    assert customers.rename(chat, "Азиза назвала", Seen(version, FROM_HERE), aziza, clock.now()) == cast.botir.name

    assert seen_by(aziza, chat.id).name == "Азиза назвала"
    assert [one.old for one in card.card(chat, aziza).changes] == ["Ботир назвал", "Dilshod"]


@pytest.mark.clause("1.3")
def test_the_language_is_remembered_with_who_said_it(house: House, chat: ChatView, aziza: Viewer) -> None:
    customers.speaks(chat, "uz_Cyrl", SEEN, aziza, clock.now())
    assert house.one("SELECT language || language_source FROM customer") == "uz_Cyrloperator"
    assert house.one("SELECT language FROM standing") == "uz_Cyrl"
    with pytest.raises(customers.NoSuchChoice):
        customers.speaks(chat, "kk", SEEN, aziza, clock.now())


@pytest.mark.clause("1.3")
def test_what_the_client_has_chosen_is_trusted_more(house: House, chat: ChatView, aziza: Viewer) -> None:
    with transaction():
        db.session.execute(text("UPDATE customer SET language = 'ru', language_source = 'chosen'"))
    with pytest.raises(customers.KnownBetter):
        customers.speaks(chat, "en", SEEN, aziza, clock.now())


@pytest.mark.clause("9.2")
def test_the_most_trusted_source_of_the_segment_wins(house: House, chat: ChatView, botir: Viewer) -> None:
    vip, plain = list(db.session.scalars(text("SELECT id FROM segment ORDER BY id LIMIT 2")))
    customers.belongs(seen_by(botir, chat.id), plain, SEEN, botir, clock.now())
    with transaction():
        row = db.session.execute(text("SELECT * FROM customer")).one()
        assert known.keep_segment(row, vip, SegmentSource.CRM, None, clock.now())
    with pytest.raises(customers.KnownBetter):
        customers.belongs(seen_by(botir, chat.id), plain, SEEN, botir, clock.now())
    assert house.one("SELECT segment_id FROM customer") == vip


@pytest.mark.clause("9.2", "7.4")
def test_the_segment_by_hand_needs_its_own_right(chat: ChatView, aziza: Viewer) -> None:
    with pytest.raises(customers.NotYourCard):
        customers.belongs(chat, None, SEEN, aziza, clock.now())


@pytest.mark.clause("9.2")
def test_the_sites_signed_token_names_the_segment(house: House) -> None:
    segment_id, name = db.session.execute(text("SELECT id, names->>'ru' FROM segment ORDER BY id LIMIT 1")).one()
    visitor = house.visitor()
    visitor.token = visitor.token[::-1]
    assert visitor.enters(proof(house.site_key, segment=name.upper())).status_code == 200
    visitor.says("Salom")

    row = db.session.execute(text("SELECT segment_id, segment_source FROM customer")).one()
    assert tuple(row) == (segment_id, "token")


@pytest.mark.clause("9.2", "15.5")
def test_a_phone_is_sealed_masked_by_right_and_found(house: House, cast: Cast, chat: ChatView, aziza: Viewer) -> None:
    customers.add_phone(chat, "90 123 45 67", SEEN, aziza, clock.now())
    timur = takes(cast.timur, house.says(SHAHNOZA))

    assert [one.shown for one in card.card(chat, aziza).phones] == ["+998 90 123-45-67"]
    assert [one.shown for one in card.card(chat, timur).phones] == ["+998 90 •••-••-67"]
    assert PHONE.encode() not in bytes(house.one("SELECT phone FROM customer_phone"))
    for asked in ("4567", "1234567", "+998 90 123-45-67", "901234567"):
        assert [row.chat_id for row in chat_list.found(aziza, Wish(words=asked))] == [chat.id], asked
    assert chat_list.found(aziza, Wish(words="9999")) == []
    with pytest.raises(customers.NotAPhone):
        customers.add_phone(chat, "12", SEEN, aziza, clock.now())


@pytest.mark.clause("9.2")
def test_only_the_own_contact_proves_a_phone(house: House, chat: ChatView, aziza: Viewer) -> None:
    shares(house, DILSHOD, user_id=999)
    assert card.card(chat, aziza).phones == ()
    shares(house, DILSHOD)
    assert [one.proven for one in card.card(chat, aziza).phones] == [True]


@pytest.mark.clause("9.2", "15.5")
def test_a_shared_phone_is_masked_in_the_thread_and_the_list(house: House, chat: ChatView, aziza: Viewer) -> None:
    shares(house, DILSHOD, user_id=999)
    said = [item.text for item in thread.latest(chat.id).items if isinstance(item, thread.Message)][-1]

    assert said == "Dilshod ☎ +998 90 •••-••-67"
    assert "1234567" not in chat_list.mine(aziza)[0].said
    assert house.words_in(chat.id)[-1] == f"Dilshod ☎ {PHONE}"


@pytest.mark.clause("1.5", "9.2")
@pytest.mark.parametrize("wanted", [True, False])
def test_a_proven_phone_joins_two_clients_only_when_the_setting_says_so(
    house: House, chat: ChatView, wanted: bool
) -> None:
    if wanted:
        _set("customers.join_phone", True)
    other = house.says(SHAHNOZA)
    shares(house, DILSHOD)
    shares(house, SHAHNOZA)

    assert (house.chat_of(SHAHNOZA) == chat.id) is wanted
    assert house.one("SELECT count(*) FROM message WHERE chat_id = :id", id=other) == (0 if wanted else 2)


@pytest.mark.clause("1.5")
def test_one_signed_id_on_two_sites_is_one_client_when_the_setting_says_so(house: House) -> None:
    _set("customers.join_signed", True)
    second = webchat.connect(webchat.Wish("App", (SITE,), "HS256", SECRET), SYSTEM, HERE, clock.now()).key
    db.session.commit()
    for key in (house.site_key, second):
        visitor = Visitor(house.app, key)
        assert visitor.enters(proof(key)).status_code == 200
        assert visitor.says("Salom").status_code == 200

    assert house.one("SELECT count(DISTINCT chat_id) FROM message") == 1


@pytest.mark.clause("1.5", "7.4")
def test_a_card_is_changed_only_by_who_serves_the_client(house: House, cast: Cast, chat: ChatView) -> None:
    timur = takes(cast.timur, house.says(SHAHNOZA))
    with pytest.raises(customers.NotYourCard):
        customers.rename(replace(chat, mine=False), "Чужой", SEEN, timur, clock.now())


@pytest.mark.clause("1.5")
def test_a_note_is_changed_by_its_author_alone(house: House, chat: ChatView, aziza: Viewer, botir: Viewer) -> None:
    customers.note(chat, "Просит звонить после обеда", SEEN, aziza, clock.now())
    note_id = card.card(chat, aziza).notes[0].id
    with pytest.raises(customers.NotYourNote):
        customers.edit_note(seen_by(botir, chat.id), note_id, "Нет", SEEN, botir, clock.now())
    customers.edit_note(chat, note_id, "Звонить утром", SEEN, aziza, clock.now())

    assert [(one.text, one.edited) for one in card.card(chat, aziza).notes] == [("Звонить утром", True)]
    assert b"utrom" not in bytes(house.one("SELECT text FROM customer_note"))
    customers.delete_note(chat, note_id, SEEN, aziza, clock.now())
    assert card.card(chat, aziza).notes == ()


@pytest.mark.clause("13.2", "15.5")
def test_the_address_of_a_visitor_is_shown_by_right(house: House, cast: Cast, botir: Viewer) -> None:
    house.visitor().says("Salom")
    chat_id = int(house.one("SELECT id FROM chat"))
    aziza = takes(cast.aziza, chat_id)

    assert card.card(seen_by(aziza, chat_id), aziza).identities[0].address == "198.51.•.•"
    assert card.card(seen_by(botir, chat_id), botir).identities[0].address == "198.51.100.7"


@pytest.mark.clause("1.5")
def test_the_card_is_edited_without_scripts(house: House, cast: Cast, chat: ChatView, aziza: Viewer) -> None:
    db.session.commit()
    browser, here = cast.aziza.browser, f"/chats/{chat.id}"
    assert 'name="name"' in browser.get(f"{here}/card?edit=name").text
    assert browser.post(f"{here}/customer/name", {"name": "Дилшод", "version": 0}).status_code == 303
    assert browser.post(f"{here}/customer/phones", {"phone": "901234567", "version": 0}).status_code == 303
    assert browser.post(f"{here}/customer/notes", {"note": "Заметка", "version": 0}).status_code == 303
    assert browser.post(f"{here}/customer/vip", {"on": "1", "version": 0}).status_code == 303
    tag = _tag()
    assert browser.post(f"{here}/customer/tags", {"tag": tag, "version": 0}).status_code == 303

    page = browser.get(here).text
    for shown in ("Дилшод", "+998 90 123-45-67", "Заметка", "VIP", "Зарплатный"):
        assert shown in page, shown
    for part, form in (
        ("name", "name"),
        ("language", "language"),
        ("phone", "phones"),
        ("tag", "tags"),
        ("note", "notes"),
    ):
        assert f'/customer/{form}"' in browser.get(f"{here}/card?edit={part}").text
    bare = browser.post(f"{here}/customer/tags/{tag}/remove", {}, headers={"HX-Request": "true"}).text
    assert "Зарплатный" not in bare.partition("<dt>")[2].partition("</dl>")[0]


@pytest.mark.clause("1.5")
def test_whoever_has_the_card_open_is_told_that_it_is_older(
    cast: Cast, chat: ChatView, aziza: Viewer, botir: Viewer
) -> None:
    customers.rename(seen_by(botir, chat.id), "Иначе", SEEN, botir, clock.now())
    news = f"/chats/{chat.id}/card/news?version="
    assert cast.botir.name in cast.aziza.browser.get(f"{news}0").text
    assert cast.botir.name not in cast.aziza.browser.get(f"{news}1").text


def _tag() -> int:
    with transaction():
        made = db.session.scalar(
            text("INSERT INTO tag (names, position) VALUES (CAST(:names AS jsonb), 1) RETURNING id"),
            {"names": '{"ru": "Зарплатный"}'},
        )
    assert made is not None
    return int(made)


def _set(key: str, value: Any) -> None:
    with transaction():
        db.session.execute(
            text("INSERT INTO setting (key, value, changed_at) VALUES (:key, CAST(:value AS jsonb), now())"),
            {"key": key, "value": str(value).lower()},
        )
        db.session.execute(text("UPDATE setting_version SET number = number + 1"))
    settings.forget()
