"""Offered chats and handed ones: accepted, declined, let pass. Time stands still."""

import pytest

from app.actions import dispatch, offers, routing
from tests.cast import Cast
from tests.dispatch.conftest import Room

pytestmark = pytest.mark.clause("8.2")


@pytest.fixture
def asked(room: Room) -> Room:
    """Chats are offered first."""
    room.run("UPDATE setting SET value = '\"offer\"' WHERE key = 'routing.mode'")
    room.run("UPDATE setting_version SET number = number + 1")
    from app.queries import settings

    settings.forget()
    return room


def test_an_offered_chat_belongs_to_nobody_until_it_is_accepted(asked: Room, cast: Cast) -> None:
    aziza = asked.active(cast.aziza)
    chat = asked.waits()

    dispatch.assign(asked.later(seconds=1))
    assert (asked.owner(chat), asked.offered(chat)) == (None, aziza.person_id)

    offers.accept(chat, aziza, asked.later(seconds=5))
    assert (asked.owner(chat), asked.offered(chat)) == (aziza.person_id, None)
    assert asked.told(chat)[-2:] == ["offered", "accepted"]


def test_what_is_not_accepted_in_time_goes_to_the_next(asked: Room, cast: Cast) -> None:
    for actor in (cast.aziza, cast.timur):
        asked.active(actor)
    chat = asked.waits()
    dispatch.assign(asked.later(seconds=1))
    first = asked.offered(chat)

    dispatch.assign(asked.later(seconds=19))
    assert asked.offered(chat) == first

    dispatch.assign(asked.later(seconds=1))
    assert asked.offered(chat) == ({cast.aziza.id, cast.timur.id} - {first}).pop()
    assert "expired" in asked.told(chat)


def test_whoever_is_alone_is_asked_again_but_not_at_once(asked: Room, cast: Cast) -> None:
    aziza = asked.active(cast.aziza)
    chat = asked.waits()
    dispatch.assign(asked.later(seconds=1))
    offers.decline(chat, aziza, asked.later(seconds=1))

    dispatch.assign(asked.later(seconds=5))
    assert asked.offered(chat) is None

    dispatch.assign(asked.later(seconds=16))
    assert asked.offered(chat) == aziza.person_id


def test_what_was_offered_to_another_cannot_be_accepted(asked: Room, cast: Cast) -> None:
    asked.active(cast.aziza)
    chat = asked.waits()
    dispatch.assign(asked.later(seconds=1))

    with pytest.raises(offers.NoLongerOffered):
        offers.accept(chat, asked.viewer(cast.timur), asked.now)


def test_nobody_is_asked_about_two_chats_at_once(asked: Room, cast: Cast) -> None:
    aziza = asked.active(cast.aziza)
    first, second = asked.waits(), asked.waits()

    assert dispatch.assign(asked.later(seconds=1)) == 1
    assert [asked.offered(chat) for chat in (first, second)] == [cast.aziza.id, None]

    offers.accept(first, aziza, asked.now)
    assert dispatch.assign(asked.later(seconds=1)) == 1
    assert asked.offered(second) == cast.aziza.id


def test_next_takes_what_is_offered_to_oneself_and_nothing_that_is_offered_to_others(asked: Room, cast: Cast) -> None:
    aziza = asked.active(cast.aziza)
    chat = asked.waits()
    dispatch.assign(asked.later(seconds=1))

    with pytest.raises(routing.NobodyWaits):
        routing.take_next(asked.viewer(cast.timur), asked.now)
    assert routing.take_next(aziza, asked.now) == chat


def test_a_handed_chat_stays_with_its_sender_until_it_is_accepted(room: Room, cast: Cast) -> None:
    aziza, timur = room.viewer(cast.aziza), room.viewer(cast.timur)
    chat = room.waits()
    routing.take(chat, aziza, room.now)

    offers.transfer(chat, aziza, room.later(seconds=1), to_person=cast.timur.id, note="Ruscha yozadi")
    assert (room.owner(chat), room.offered(chat)) == (aziza.person_id, timur.person_id)

    offers.accept(chat, timur, room.later(seconds=10))
    assert (room.owner(chat), room.offered(chat)) == (timur.person_id, None)
    last = "SELECT person_id FROM event WHERE chat_id = :id AND verb = 'transferred'"
    assert room.one(last, id=chat) == aziza.person_id, "it is the sender who handed it over"
    assert room.one("SELECT type FROM episode WHERE chat_id = :id", id=chat) == "transferred"


@pytest.mark.parametrize("answer", ["declined", "silence"])
def test_the_sender_is_told_when_the_colleague_does_not_accept(room: Room, cast: Cast, answer: str) -> None:
    aziza, timur = room.viewer(cast.aziza), room.viewer(cast.timur)
    chat = room.waits()
    routing.take(chat, aziza, room.now)
    offers.transfer(chat, aziza, room.now, to_person=cast.timur.id)

    if answer == "declined":
        offers.decline(chat, timur, room.later(seconds=5))
    else:
        dispatch.assign(room.later(seconds=61))

    assert (room.owner(chat), room.offered(chat)) == (aziza.person_id, None)
    assert room.one("SELECT count(*) FROM notice WHERE person_id = :id", id=cast.aziza.id) == 1


def test_a_chat_is_not_handed_to_whoever_is_not_at_work(room: Room, cast: Cast) -> None:
    aziza = room.viewer(cast.aziza)
    chat = room.waits()
    routing.take(chat, aziza, room.now)
    room.away(cast.timur)

    with pytest.raises(offers.ColleagueAway):
        offers.transfer(chat, aziza, room.now, to_person=cast.timur.id)


def test_the_card_of_an_offer_can_be_answered_without_scripts(asked: Room, cast: Cast) -> None:
    asked.active(cast.aziza)
    chat = asked.waits()
    dispatch.assign(asked.later(seconds=1))

    page = cast.aziza.browser.get("/chats").text
    assert f'id="offer-{chat}"' in page
    assert f'formaction="/chats/{chat}/accept"' in page

    answer = cast.aziza.browser.post(f"/chats/{chat}/accept")
    assert answer.status_code == 303
    assert asked.owner(chat) == cast.aziza.id


def test_a_supervisor_reads_how_a_chat_was_given(room: Room, cast: Cast) -> None:
    room.active(cast.aziza)
    room.active(cast.timur)
    chat = room.waits(language="uz_Latn")
    dispatch.assign(room.later(seconds=1))

    page = cast.botir.browser.get(f"/chats/{chat}/given").text

    assert cast.aziza.name in page
    assert cast.timur.name in page
    assert cast.aziza.browser.get(f"/chats/{chat}/given").status_code == 403
