"""Two people by the bank's own word are never one client; two places of one client are told apart (clause 9.2)."""

import re

import pytest

from app.actions import continuing, merging
from app.base import clock
from app.models.viewer import Viewer
from tests.cast import Cast
from tests.customer.conftest import DILSHOD, FROM_HERE, SHAHNOZA, House, link_in, seen_by, takes, token_of
from tests.widget.conftest import Visitor, proof

pytestmark = pytest.mark.clause("9.2")


def signed_in(house: House, subject: str) -> int:
    """Somebody the bank's site has signed in has written; his chat."""
    visitor = Visitor(house.app, house.site_key)
    assert visitor.enters(proof(house.site_key, subject)).status_code == 200
    assert visitor.says("Salom").status_code == 200
    return int(house.one("SELECT max(id) FROM chat"))


def test_two_ids_of_the_bank_are_not_merged_and_the_attempt_is_kept(house: House, botir: Viewer) -> None:
    stays, comes = signed_in(house, "cl-77"), signed_in(house, "cl-78")
    with pytest.raises(merging.TwoPersons):
        merging.merge(seen_by(botir, stays), seen_by(botir, comes), {}, botir, FROM_HERE, clock.now())

    assert house.one("SELECT count(*) FROM customer_merge") == 0
    kept = "SELECT person_id FROM journal WHERE kind = 'customer.merge_refused'"
    assert house.one(kept) == botir.person_id


def test_a_signed_in_client_and_one_of_telegram_are_merged(house: House, botir: Viewer) -> None:
    stays, comes = signed_in(house, "cl-77"), house.says(SHAHNOZA)
    merging.merge(seen_by(botir, stays), seen_by(botir, comes), {}, botir, FROM_HERE, clock.now())

    assert house.chat_of(SHAHNOZA) == stays


def test_a_third_under_another_id_does_not_come_in_by_a_merged_one(house: House, botir: Viewer) -> None:
    stays, between = signed_in(house, "cl-77"), house.says(SHAHNOZA)
    merging.merge(seen_by(botir, stays), seen_by(botir, between), {}, botir, FROM_HERE, clock.now())
    comes = signed_in(house, "cl-78")
    with pytest.raises(merging.TwoPersons):
        merging.merge(seen_by(botir, comes), seen_by(botir, stays), {}, botir, FROM_HERE, clock.now())


@pytest.mark.clause("15.3.3")
def test_a_link_into_the_chat_of_another_signed_in_client_is_refused(house: House, cast: Cast) -> None:
    chat_id = house.says(DILSHOD)
    visitor = Visitor(house.app, house.site_key)
    aziza = takes(cast.aziza, chat_id)
    first = Visitor(house.app, house.site_key)
    first.enters(proof(house.site_key, "cl-77"))
    continuing.invite(chat_id, house.site_id, aziza, clock.now())
    assert first.post("arrive", json={"token": token_of(last_link(house, chat_id))}).status_code == 204
    first.says("Shu yerdaman")

    continuing.invite(chat_id, house.site_id, aziza, clock.now())
    visitor.enters(proof(house.site_key, "cl-78"))
    answer = visitor.post("arrive", json={"token": token_of(last_link(house, chat_id))})

    assert (answer.status_code, answer.json["error"]) == (403, "LinkForeign")
    assert "Shu yerdaman" not in visitor.reads()


def test_two_places_of_one_channel_are_told_apart_in_the_composer(house: House, cast: Cast, botir: Viewer) -> None:
    stays, comes = house.says(DILSHOD), house.says(SHAHNOZA)
    merging.merge(seen_by(botir, stays), seen_by(botir, comes), {}, botir, FROM_HERE, clock.now())
    takes(cast.aziza, stays)
    page = cast.aziza.browser.get(f"/chats/{stays}").text
    choice = page.partition('name="place"')[2].partition("</select>")[0]
    offered = re.findall(r'<option value="\d+">Bank bot ([^<]+)</option>', choice)

    assert len(set(offered)) == 2


def last_link(house: House, chat_id: int) -> str:
    return link_in(house.words_in(chat_id))
