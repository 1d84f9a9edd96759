"""Continue in another channel by a link that works once: the number stays, and a bad link does nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest

from app.actions import continuing, merging, reply
from app.base import clock
from app.models.db import db
from app.models.viewer import Viewer
from app.queries import thread
from tests.cast import Cast
from tests.customer.conftest import (
    BEKZOD,
    DILSHOD,
    FROM_HERE,
    SHAHNOZA,
    House,
    link_in,
    seen_by,
    takes,
    token_of,
)
from tests.peers import Peer
from tests.widget.conftest import Visitor

pytestmark = pytest.mark.clause("15.3.3")


@pytest.fixture
def visitor(house: House) -> Visitor:
    found = house.visitor()
    assert found.says("Saytdan salom").status_code == 200
    return found


@pytest.fixture
def chat_id(house: House, visitor: Visitor) -> int:
    return int(house.one("SELECT id FROM chat"))


@pytest.fixture
def aziza(cast: Cast, chat_id: int) -> Viewer:
    return takes(cast.aziza, chat_id)


def invited(house: House, chat_id: int, person: Viewer, channel_id: int) -> str:
    """The token of the link that the operator has sent."""
    continuing.invite(chat_id, channel_id, person, clock.now())
    return token_of(link_in(house.words_in(chat_id)))


def verbs(chat_id: int) -> list[str]:
    return [item.verb for item in thread.latest(chat_id).items if isinstance(item, thread.Event)]


def test_from_the_site_to_telegram_and_back_with_one_number(
    house: House, telegram: Peer, visitor: Visitor, chat_id: int, aziza: Viewer
) -> None:
    token = invited(house, chat_id, aziza, house.channel_id)
    assert len(token) <= 64 and "t.me/bank_bot?start=" in visitor.reads()

    house.starts(DILSHOD, token)
    assert house.says(DILSHOD, "endi Telegramdaman") == chat_id
    assert "continued" in verbs(chat_id)
    reply.say(chat_id, "Koʻrdim", aziza, clock.now())
    assert house.sent(telegram)[-1] == "Koʻrdim"

    assert visitor.says("yana saytdaman").status_code == 200
    reply.say(chat_id, "Saytga javob", aziza, clock.now())
    assert house.words_in(chat_id)[-2:] == ["yana saytdaman", "Saytga javob"]
    assert "Saytga javob" in visitor.reads() and "Koʻrdim" not in visitor.reads()
    assert house.one("SELECT count(*) FROM episode") == 1


def test_from_telegram_to_the_site(house: House, cast: Cast) -> None:
    chat_id = house.says(DILSHOD, "Telegramdan")
    aziza = takes(cast.aziza, chat_id)
    token = invited(house, chat_id, aziza, house.site_id)
    visitor = house.visitor()

    assert visitor.post("arrive", json={"token": token}).status_code == 204
    assert 'class="event"' in visitor.reads()
    visitor.says("Saytga oʻtdim")
    assert house.words_in(chat_id)[-1] == "Saytga oʻtdim"


def test_the_client_asks_for_the_bot_himself(house: House, visitor: Visitor, chat_id: int) -> None:
    url = visitor.post("move", json={}).json["url"]
    house.starts(DILSHOD, token_of(url))

    assert house.says(DILSHOD) == chat_id


def test_the_bots_client_asks_for_the_site(house: House, telegram: Peer) -> None:
    chat_id = house.says(DILSHOD)
    house.says(DILSHOD, "/site")
    link = link_in(house.sent(telegram))
    assert "/site" not in house.words_in(chat_id)

    visitor = house.visitor()
    visitor.post("arrive", json={"token": token_of(link)})
    visitor.says("keldim")
    assert house.words_in(chat_id)[-1] == "keldim"


def test_a_link_works_once(house: House, telegram: Peer, chat_id: int, aziza: Viewer) -> None:
    token = invited(house, chat_id, aziza, house.channel_id)
    house.starts(DILSHOD, token)
    house.starts(SHAHNOZA, token)

    assert house.says(SHAHNOZA) != chat_id
    assert len(house.sent(telegram)) == 2  # a welcome, and why the second press leads nowhere


def test_the_same_press_again_is_no_new_one(house: House, telegram: Peer, chat_id: int, aziza: Viewer) -> None:
    token = invited(house, chat_id, aziza, house.channel_id)
    house.starts(DILSHOD, token)
    house.starts(DILSHOD, token)

    assert verbs(chat_id).count("continued") == 1
    assert len(house.sent(telegram)) == 1


def test_an_expired_link_joins_nothing_and_says_so(house: House, telegram: Peer, chat_id: int, aziza: Viewer) -> None:
    token = invited(house, chat_id, aziza, house.channel_id)
    house.one("UPDATE passage SET ends_at = now() - interval '1 second' RETURNING 1")
    db.session.commit()
    house.starts(DILSHOD, token)

    assert house.says(DILSHOD) != chat_id
    assert len(house.sent(telegram)) == 1


@pytest.mark.parametrize("spoil", ["other bot", "cut", "made up"])
def test_a_foreign_or_wrong_link_joins_nothing(
    house: House, telegram: Peer, chat_id: int, aziza: Viewer, spoil: str
) -> None:
    token = invited(house, chat_id, aziza, house.second_id if spoil == "other bot" else house.channel_id)
    if spoil == "cut":
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    if spoil == "made up":
        token = "go-" + "A" * 44
    house.starts(DILSHOD, token)

    assert house.says(DILSHOD) != chat_id
    assert house.one("SELECT count(*) FROM customer_merge") == 0
    assert len(house.sent(telegram)) == 1


def test_on_the_site_a_bad_link_is_answered_in_words(house: House, cast: Cast) -> None:
    visitor = house.visitor()
    answer = visitor.post("arrive", json={"token": "go-" + "A" * 44})
    assert answer.status_code == 422 and answer.json["notice"]
    assert house.one("SELECT count(*) FROM identity") == 0


def test_the_banks_own_deep_links_stay_what_they_are(house: House) -> None:
    house.starts(BEKZOD, "branch-12")
    assert house.one("SELECT data->>'payload' FROM event WHERE verb = 'started'") == "branch-12"


def test_a_link_into_a_chat_that_was_merged_meanwhile_leads_to_where_it_goes_on(
    house: House, chat_id: int, aziza: Viewer, botir: Viewer
) -> None:
    token = invited(house, chat_id, aziza, house.channel_id)
    stays = house.says(SHAHNOZA)
    merging.merge(seen_by(botir, stays), seen_by(botir, chat_id), {}, botir, FROM_HERE, clock.now())
    house.starts(DILSHOD, token)

    assert house.says(DILSHOD) == stays


def test_the_operator_answers_where_he_chooses(
    house: House, telegram: Peer, visitor: Visitor, chat_id: int, aziza: Viewer
) -> None:
    house.starts(DILSHOD, invited(house, chat_id, aziza, house.channel_id))
    site = house.one("SELECT id FROM identity WHERE channel_id = :id", id=house.site_id)
    reply.say(chat_id, "Saytdagi javob", aziza, clock.now(), identity_id=site)

    assert "Saytdagi javob" in visitor.reads()
    assert "Saytdagi javob" not in house.sent(telegram)
    with pytest.raises(reply.NotReachable):
        reply.say(chat_id, "Begonaga", aziza, clock.now(), identity_id=site + 1000)


def test_who_has_blocked_the_bot_is_answered_where_he_still_is(
    house: House, telegram: Peer, cast: Cast, visitor: Visitor, chat_id: int, aziza: Viewer
) -> None:
    house.starts(DILSHOD, invited(house, chat_id, aziza, house.channel_id))
    telegram.chat(DILSHOD, blocked=True)
    reply.say(chat_id, "Botdagi javob", aziza, clock.now())
    assert "Botdagi javob" not in house.sent(telegram)
    page = cast.aziza.browser.get(f"/chats/{chat_id}").text
    offered = re.findall(r'<option value="(\d*)">', page.partition('name="place"')[2].partition("</select>")[0])
    assert offered == [str(house.one("SELECT id FROM identity WHERE channel_id = :id", id=house.site_id))]
    cast.aziza.browser.post(f"/chats/{chat_id}/say", {"text": "Saytdagi javob", "place": offered[0]})

    assert "Saytdagi javob" in visitor.reads()


def test_the_linked_client_can_be_parted_again(house: House, chat_id: int, aziza: Viewer, botir: Viewer) -> None:
    house.starts(DILSHOD, invited(house, chat_id, aziza, house.channel_id))
    house.says(DILSHOD, "boshqa odam ekan")
    record = house.one("SELECT id FROM customer_merge")
    own = merging.unmerge(seen_by(botir, chat_id), record, botir, FROM_HERE, clock.now())

    assert house.words_in(own) == ["boshqa odam ekan"]
    assert house.says(DILSHOD) == own


def test_the_desk_offers_other_channels_and_sends_the_link(
    house: House, cast: Cast, chat_id: int, aziza: Viewer
) -> None:
    db.session.commit()
    page: Any = cast.aziza.browser.get(f"/chats/{chat_id}/continue")
    assert "@bank_bot" in page.text and "Loans bot" in page.text
    answer = cast.aziza.browser.post(f"/chats/{chat_id}/continue", {"channel": house.channel_id})
    assert answer.status_code == 303
    assert "t.me/bank_bot" in house.words_in(chat_id)[-1]
    assert timedelta(minutes=15) == house.one("SELECT ends_at - made_at FROM passage")
