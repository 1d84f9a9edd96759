"""An operator is stopped: his chats go where the supervisor says, at once, and for a minute it can be undone."""

import pytest

from app.actions import moving, offers, people_life, reply, routing
from app.actions.journal import HERE
from app.actions.moving import Target
from app.queries import moving as planned
from tests.cast import Cast
from tests.dispatch.conftest import Room

pytestmark = pytest.mark.clause("7.7")
REASON = "Mijozga qoʻpol javob"
_GAPS = """
    SELECT count(*) FROM status_span a WHERE a.person_id = :id AND a.ended_at IS NOT NULL AND NOT EXISTS (
      SELECT FROM status_span b WHERE b.person_id = a.person_id AND b.began_at = a.ended_at)
"""


def held(room: Room, cast: Cast, count: int = 3) -> list[int]:
    """Chats of Timur."""
    timur = room.active(cast.timur)
    chats = [room.waits(language="ru") for _ in range(count)]
    for chat in chats:
        routing.take(chat, timur, room.now)
    return chats


def test_by_the_rules_each_chat_goes_to_whoever_is_free_and_the_rest_wait(room: Room, cast: Cast) -> None:
    chats = held(room, cast)
    room.active(cast.aziza, capacity=2)
    botir = room.viewer(cast.botir)
    told = [(move.to is not None) for move in planned.preview(chats, cast.timur.id, room.now)]

    moving.stop(cast.timur.id, Target("rules"), REASON, botir, HERE, room.later(seconds=1))

    owners = [room.owner(chat) for chat in chats]
    assert owners.count(cast.aziza.id) == told.count(True) == 2
    assert owners.count(None) == 1
    given = [chat for chat in chats if room.owner(chat)]
    assert all("given" in room.told(chat) for chat in given), "and it is kept why they got them"
    assert room.one("SELECT ended_how FROM shift WHERE person_id = :id", id=cast.timur.id) == "stopped"
    assert room.one("SELECT count(*) FROM seat WHERE person_id = :id", id=cast.timur.id) == 0


def test_to_the_waiting_list_and_to_a_named_person(room: Room, cast: Cast) -> None:
    chats, botir = held(room, cast), room.viewer(cast.botir)
    room.active(cast.aziza)

    moving.stop(cast.timur.id, Target("person", cast.aziza.id), REASON, botir, HERE, room.later(seconds=1))
    assert {room.owner(chat) for chat in chats} == {cast.aziza.id}

    moving.stop(cast.aziza.id, Target("queue"), REASON, botir, HERE, room.later(seconds=1))
    assert {room.owner(chat) for chat in chats} == {None}


def test_the_client_notices_nothing(room: Room, cast: Cast) -> None:
    chats, botir = held(room, cast, 1), room.viewer(cast.botir)
    before = room.one("SELECT count(*) FROM outbox")

    moving.stop(cast.timur.id, Target("queue"), REASON, botir, HERE, room.later(seconds=1))

    assert room.one("SELECT count(*) FROM outbox") == before
    assert room.one("SELECT count(*) FROM episode WHERE chat_id = :id AND closed_at IS NULL", id=chats[0]) == 1


def test_it_is_journalled_with_its_reason_and_the_stopped_one_is_told(room: Room, cast: Cast) -> None:
    held(room, cast, 1)
    moving.stop(cast.timur.id, Target("queue"), REASON, room.viewer(cast.botir), HERE, room.later(seconds=1))

    assert room.one("SELECT count(*) FROM journal WHERE kind = 'operator.stopped'") == 1
    assert room.one("SELECT count(*) FROM notice WHERE person_id = :id AND important", id=cast.timur.id) == 1
    assert room.one("SELECT reason FROM stop") == REASON


def test_without_a_reason_nothing_happens(room: Room, cast: Cast) -> None:
    chats = held(room, cast, 1)
    with pytest.raises(moving.NoReason):
        moving.stop(cast.timur.id, Target("queue"), "  ", room.viewer(cast.botir), HERE, room.now)
    assert room.owner(chats[0]) == cast.timur.id


def test_nobody_stops_himself(room: Room, cast: Cast) -> None:
    with pytest.raises(moving.NotYourself):
        moving.stop(cast.botir.id, Target("queue"), REASON, room.viewer(cast.botir), HERE, room.now)


def test_within_a_minute_it_is_undone_and_the_shift_goes_on(room: Room, cast: Cast) -> None:
    chats, botir = held(room, cast), room.viewer(cast.botir)
    room.active(cast.aziza, capacity=1)
    room.licensed()
    number = moving.stop(cast.timur.id, Target("rules"), REASON, botir, HERE, room.later(seconds=1))

    assert moving.undo(number, botir, HERE, room.later(seconds=59)) == 3

    assert {room.owner(chat) for chat in chats} == {cast.timur.id}
    assert room.one("SELECT count(*) FROM shift WHERE person_id = :id AND ended_at IS NULL", id=cast.timur.id) == 1
    assert room.one(_GAPS, id=cast.timur.id) == 0, "no second of the shift is without a status"
    with pytest.raises(moving.TooLate):
        moving.undo(number, botir, HERE, room.now)


def test_after_a_minute_it_cannot_be_undone(room: Room, cast: Cast) -> None:
    held(room, cast, 1)
    botir = room.viewer(cast.botir)
    number = moving.stop(cast.timur.id, Target("queue"), REASON, botir, HERE, room.later(seconds=1))
    with pytest.raises(moving.TooLate):
        moving.undo(number, botir, HERE, room.later(seconds=61))


def test_a_chat_that_was_answered_meanwhile_stays_where_it_is(room: Room, cast: Cast) -> None:
    chats, botir = held(room, cast, 2), room.viewer(cast.botir)
    aziza = room.active(cast.aziza)
    number = moving.move(chats, Target("person", cast.aziza.id), REASON, botir, HERE, room.later(seconds=1))
    reply.say(chats[0], "Здравствуйте", aziza, room.later(seconds=5))

    assert moving.undo(number, botir, HERE, room.later(seconds=5)) == 1
    assert [room.owner(chat) for chat in chats] == [cast.aziza.id, cast.timur.id]


@pytest.mark.clause("7.5")
def test_a_whole_groups_chats_go_to_another_group(room: Room, cast: Cast) -> None:
    cards, loans = room.group(cast.aziza), room.group(cast.timur)
    chats = [room.waits(group_id=cards) for _ in range(3)]
    routing.take(chats[0], room.active(cast.aziza), room.now)

    moving.move(planned.of_group(cards), Target("group", loans), REASON, room.viewer(cast.botir), HERE, room.now)

    assert room.one("SELECT count(*) FROM standing WHERE group_id = :id AND stage = 'queue'", id=loans) == 3
    assert room.one("SELECT count(*) FROM episode WHERE type = 'transferred'") == 3


def test_what_was_offered_to_the_stopped_one_is_withdrawn(room: Room, cast: Cast) -> None:
    aziza = room.viewer(cast.aziza)
    chat = room.waits()
    routing.take(chat, aziza, room.now)
    offers.transfer(chat, aziza, room.now, to_person=cast.timur.id)

    moving.stop(cast.timur.id, Target("queue"), REASON, room.viewer(cast.botir), HERE, room.later(seconds=1))

    assert (room.owner(chat), room.offered(chat)) == (aziza.person_id, None)


def test_blocking_an_account_hands_its_chats_on(room: Room, cast: Cast) -> None:
    chats = held(room, cast, 2)
    people_life.block(cast.timur.id, room.viewer(cast.kamola), HERE, room.later(seconds=1))
    assert {room.owner(chat) for chat in chats} == {None}


def test_a_supervisor_stops_an_operator_through_the_pages(room: Room, cast: Cast) -> None:
    chats = held(room, cast, 1)
    room.active(cast.aziza)
    form = cast.botir.browser.get(f"/watch/operators/{cast.timur.id}/stop").text
    assert cast.aziza.name in form

    url = f"/watch/operators/{cast.timur.id}/stop"
    assert cast.botir.browser.post(url, {"to": "rules", "reason": REASON}).status_code == 303
    assert room.owner(chats[0]) == cast.aziza.id
    assert "/undo" in cast.botir.browser.get("/watch/operators").text
    assert cast.aziza.browser.get(f"/watch/operators/{cast.timur.id}/stop").status_code == 403
