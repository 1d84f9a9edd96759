"""One dialogue over two bots: each numbers its messages by itself (clause 15.3.3)."""

from typing import Any

import pytest
from sqlalchemy import text

from app.actions import continuing, intake, merging, reply, rewording
from app.base import clock
from app.channels.contract import Raw
from app.models.db import db
from app.models.viewer import Viewer
from tests.cast import Cast
from tests.customer.conftest import DILSHOD, FROM_HERE, House, link_in, seen_by, takes, token_of
from tests.peers import Peer
from tests.road.conftest import edited, message

pytestmark = pytest.mark.clause("15.3.3", "1.2")


def second_bot_hears(house: House, update: dict[str, Any]) -> None:
    intake.accept(house.second_id, "telegram", [Raw(str(update["update_id"]), update)], clock.now())
    house.take()


@pytest.fixture
def chat_id(house: House, botir: Viewer) -> int:
    """Dilshod has written to both bots, the first word in each with the same number, and is known for one client."""
    stays = house.says(DILSHOD, "birinchi", number=700)
    second_bot_hears(house, message("ikkinchi", of=DILSHOD, number=701))
    comes = int(house.one("SELECT max(id) FROM chat"))
    merging.merge(seen_by(botir, stays), seen_by(botir, comes), {}, botir, FROM_HERE, clock.now())
    return stays


def test_a_word_with_a_number_of_the_other_bot_is_no_repetition(house: House, chat_id: int) -> None:
    # Digits alone are looked at one by one, as is whatever is not plain.
    second_bot_hears(house, message("5512", of=DILSHOD, number=700))

    assert sorted(house.words_in(chat_id)) == ["5512", "birinchi", "ikkinchi"]


def test_an_edit_in_one_bot_leaves_the_word_of_the_other_alone(house: House, chat_id: int) -> None:
    second_bot_hears(house, message("uchinchi", of=DILSHOD, number=700))
    house.receive(edited(message("birinchi", of=DILSHOD, number=700), "birinchi, toʻgʻri"))

    assert sorted(house.words_in(chat_id)) == ["birinchi, toʻgʻri", "ikkinchi", "uchinchi"]


def test_an_answer_to_a_word_quotes_the_one_in_the_same_bot(house: House, chat_id: int) -> None:
    second_bot_hears(house, message("uchinchi", of=DILSHOD, number=700))
    house.says(DILSHOD, "shu haqda", reply_to_message={"message_id": 700})

    quoted = "SELECT q.identity_id FROM message m JOIN message q ON q.id = m.reply_to"
    assert house.one(quoted) == house.one("SELECT id FROM identity WHERE channel_id = :id", id=house.channel_id)


def test_a_quoted_word_of_another_channel_is_not_named_to_this_one(
    house: House, cast: Cast, telegram: Peer, chat_id: int
) -> None:
    aziza = takes(cast.aziza, chat_id)
    first, second = db.session.execute(text("SELECT id, identity_id FROM message ORDER BY at, id")).all()[:2]
    for place in (first, second):
        reply.say(chat_id, "Javob", aziza, clock.now(), reply_to=first.id, identity_id=place.identity_id)
        house.deliver()

    told = ["reply_parameters" in call["params"] for call in telegram.calls("sendMessage")]
    assert told[-2:] == [True, False]


def test_a_word_sent_in_telegram_is_changed_there_though_the_client_has_gone_to_the_site(
    house: House, cast: Cast, telegram: Peer, chat_id: int
) -> None:
    aziza = takes(cast.aziza, chat_id)
    said = reply.say(chat_id, "Xato", aziza, clock.now())
    house.deliver()
    continuing.invite(chat_id, house.site_id, aziza, clock.now())
    visitor = house.visitor()
    assert visitor.post("arrive", json={"token": token_of(link_in(house.words_in(chat_id)))}).status_code == 204
    on_site = reply.say(chat_id, "Saytda", aziza, clock.now())
    rewording.reword(said, chat_id, "Toʻgʻri", aziza, clock.now())
    rewording.reword(on_site, chat_id, "Saytda ham", aziza, clock.now())
    house.deliver()

    assert [call["params"]["text"] for call in telegram.calls("editMessageText")] == ["Toʻgʻri"]
    assert house.one("SELECT count(*) FROM outbox WHERE state <> 'sent'") == 0
