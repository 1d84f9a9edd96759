"""What users of other systems complain about and what must not happen here (facts: complaints about giving chats)."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.actions import closing, dispatch, offers, reply, routing, sweeping
from app.actions import duty as working
from app.actions.journal import HERE
from app.base import redis
from app.models.chat import Outcome
from app.models.viewer import SYSTEM
from app.queries import boards, duty
from tests.cast import Cast
from tests.desk.clients import Client
from tests.dispatch.conftest import Room


def test_a_new_chat_stands_in_the_queue_without_reload_or_switching_the_status(room: Room, cast: Cast) -> None:
    chat = room.waits()
    assert [line.chat_id for line in boards.lines(room.now)] == [chat]
    assert f'id="row-{chat}"' in cast.aziza.browser.get("/chats?tab=queue").text


def test_no_chat_is_stuck_a_supervisors_force_always_works(room: Room, cast: Cast) -> None:
    chat = room.waits()
    routing.take(chat, room.viewer(cast.aziza), room.now)
    room.away(cast.aziza)

    routing.take(chat, room.viewer(cast.botir), room.now)
    assert room.owner(chat) == cast.botir.id


def test_a_chat_does_not_stand_without_an_operator_while_operators_are_free(room: Room, cast: Cast) -> None:
    room.active(cast.aziza)
    chats = [room.waits() for _ in range(5)]
    dispatch.assign(room.later(seconds=1))
    assert {room.owner(chat) for chat in chats} == {cast.aziza.id}


def test_a_returning_client_does_not_go_to_the_previous_operator_who_is_away(room: Room, cast: Cast) -> None:
    aziza = room.active(cast.aziza)
    chat = room.waits(last_at=room.now)
    routing.take(chat, aziza, room.now)
    closing.finish(chat, Outcome.SOLVED, [], "", aziza, room.later(seconds=1))
    room.away(cast.aziza)
    room.active(cast.timur)
    other = room.waits(wished_id=cast.aziza.id)

    dispatch.assign(room.later(seconds=1))

    assert room.owner(other) == cast.timur.id, "whoever is wished for and away is not waited for"


def test_nobody_offline_is_given_a_chat(room: Room, cast: Cast) -> None:
    room.active(cast.aziza)
    room.away(cast.aziza)
    chat = room.waits()
    assert dispatch.assign(room.later(seconds=1)) == 0
    assert room.owner(chat) is None


def test_a_chat_does_not_stay_for_ever_with_an_operator_who_does_not_answer_an_offer(room: Room, cast: Cast) -> None:
    room.run("UPDATE setting SET value = '\"offer\"' WHERE key = 'routing.mode'")
    room.run("UPDATE setting_version SET number = number + 1")
    from app.queries import settings

    settings.forget()
    room.active(cast.aziza)
    chat = room.waits()
    dispatch.assign(room.later(seconds=1))
    offers.expire(room.later(seconds=21))
    assert room.offered(chat) is None


def test_the_backlog_is_given_out_when_someone_comes_online(room: Room, cast: Cast) -> None:
    chats = [room.waits() for _ in range(3)]
    dispatch.assign(room.later(seconds=1))
    assert {room.owner(chat) for chat in chats} == {None}

    room.active(cast.aziza)
    dispatch.assign(room.later(seconds=1))
    assert {room.owner(chat) for chat in chats} == {cast.aziza.id}


def test_chats_of_an_operator_who_is_gone_come_back_after_the_grace_and_it_is_said(room: Room, cast: Cast) -> None:
    chat = room.waits()
    routing.take(chat, room.viewer(cast.aziza), room.now)
    room.away(cast.aziza)

    assert sweeping.sweep(room.later(seconds=59)) == 0
    assert sweeping.sweep(room.later(seconds=2)) == 1

    assert room.owner(chat) is None
    assert boards.sums(room.now).mended == 1
    assert boards.mended(room.now)[0][2] == "owner_away"


def test_a_status_that_keeps_chats_keeps_them_however_long(room: Room, cast: Cast) -> None:
    chat = room.waits()
    routing.take(chat, room.viewer(cast.aziza), room.now)
    assert sweeping.sweep(room.later(hours=3)) == 0
    assert room.owner(chat) == cast.aziza.id


def test_chats_set_aside_are_not_given_to_others_and_not_given_to_absent_ones(room: Room, cast: Cast) -> None:
    aside, open_one = room.waits(), room.waits()
    for chat in (aside, open_one):
        routing.take(chat, room.viewer(cast.aziza), room.now)
    room.run("UPDATE standing SET snooze = 'client' WHERE chat_id = :id", id=aside)

    assert routing.hand_on(cast.aziza.id, "shift", SYSTEM, room.later(seconds=1)) == 1

    assert [room.owner(aside), room.owner(open_one)] == [cast.aziza.id, None]
    room.away(cast.aziza)
    room.run("UPDATE standing SET snooze = NULL WHERE chat_id = :id", id=aside)
    sweeping.sweep(room.later(seconds=61))
    assert room.owner(aside) is None


def test_a_chat_can_always_be_moved_to_the_queue(room: Room, cast: Cast) -> None:
    chat = room.waits()
    aziza = room.viewer(cast.aziza)
    routing.take(chat, aziza, room.now)
    routing.give_back(chat, aziza, room.now)
    assert room.owner(chat) is None


def test_nobody_is_skipped_without_a_reason(room: Room, cast: Cast) -> None:
    room.active(cast.aziza)
    for actor in (cast.timur, cast.botir):
        room.active(actor, capacity=1)
        routing.take(room.waits(), room.viewer(actor), room.now)
    chat = room.waits()
    dispatch.assign(room.later(seconds=1))
    told = room.one("SELECT data FROM routing_trace WHERE chat_id = :id AND what = 'given'", id=chat)
    assert {int(one) for one in told["passed"]} == {cast.timur.id, cast.botir.id}
    assert told["counts"] == {"full": 2}


@pytest.mark.own_database
@pytest.mark.clause("5.1")
def test_supervisors_are_alarmed_at_once_when_nobody_at_work_speaks_the_language(room: Room, cast: Cast) -> None:
    room.active(cast.timur)
    cast.botir  # noqa: B018 - the supervisor; speaks Uzbek, so he goes
    room.away(cast.botir)
    room.run("DELETE FROM business_hours")
    chat = room.waits(language="uz_Cyrl")

    sweeping.sweep(room.later(seconds=1))

    assert "alarmed" in room.told(chat)
    alarm = "SELECT count(*) FROM notice WHERE person_id = :id AND kind = 'routing.nobody_speaks'"
    assert room.one(alarm, id=cast.botir.id) == 1
    sweeping.sweep(room.later(minutes=1))
    assert room.one(alarm, id=cast.botir.id) == 1


@pytest.mark.parametrize(
    ("breaks", "flaw"),
    [
        ("UPDATE standing SET queued_at = NULL WHERE chat_id = :id", "not_placed"),
        ("DELETE FROM standing WHERE chat_id = :id", "no_standing"),
        ("UPDATE episode SET closed_at = now() WHERE chat_id = :id", "closed"),
        ("UPDATE assignment SET ended_at = now() WHERE episode_id = (SELECT id FROM episode WHERE chat_id = :id)", ""),
    ],
)
def test_an_impossible_state_is_mended_within_a_minute(room: Room, cast: Cast, breaks: str, flaw: str) -> None:
    chat = room.waits()
    if not flaw:
        routing.take(chat, room.viewer(cast.aziza), room.now)
    room.run(breaks, id=chat)

    assert sweeping.sweep(room.later(seconds=30)) >= 1
    assert sweeping.sweep(room.later(seconds=30)) == 0
    assert boards.mended(room.now)[0][2] == (flaw or "assignment")


def test_a_chat_cannot_have_two_owners_by_the_database_itself(room: Room, cast: Cast) -> None:
    chat = room.waits()
    routing.take(chat, room.viewer(cast.aziza), room.now)
    twice = """INSERT INTO assignment (episode_id, person_id, began_at, how)
               SELECT id, :person, now(), 'x' FROM episode WHERE chat_id = :id"""
    with pytest.raises(IntegrityError):
        room.run(twice, person=cast.timur.id, id=chat)


def test_an_emptied_redis_changes_nobodys_status_and_no_chat(room: Room, cast: Cast) -> None:
    aziza = room.active(cast.aziza)
    held = room.waits()
    routing.take(held, aziza, room.now)
    before = duty.duty_of(cast.aziza.id)

    redis.client().flushdb()

    assert duty.duty_of(cast.aziza.id) == before
    assert [row.chats for row in boards.operators(room.now) if row.person_id == cast.aziza.id] == [1]
    chat = room.waits()
    dispatch.assign(room.later(seconds=1))
    assert room.owner(chat) == cast.aziza.id


def test_whoever_has_signed_out_is_not_shown_at_work(room: Room, cast: Cast) -> None:
    aziza = room.active(cast.aziza)
    assert cast.aziza.id in [row.person_id for row in boards.operators(room.now)]
    working.sign_out(aziza, HERE, room.later(seconds=1))
    assert cast.aziza.id not in [row.person_id for row in boards.operators(room.now)]


def test_a_resumed_chat_that_goes_on_keeps_to_whoever_speaks_its_language(room: Room, cast: Cast) -> None:
    aziza, dilshod = room.active(cast.aziza), Client("Dilshod", 61_000)
    words = "Assalomu alaykum, kartam bilan toʻlov oʻtmayapti, yordam bering"
    chat = dilshod.writes(words, room.now)
    routing.take(chat, aziza, room.now)
    reply.say(chat, "Hozir qarayman", aziza, room.later(seconds=5))
    closing.finish(chat, Outcome.SOLVED, [], "", aziza, room.later(seconds=5))
    dilshod.writes(words, room.later(seconds=30))
    assert room.owner(chat) == cast.aziza.id, "it is hers again"

    room.active(cast.timur)
    room.away(cast.aziza)
    routing.hand_on(cast.aziza.id, "shift", SYSTEM, room.now)
    dispatch.assign(room.later(seconds=1))

    assert room.owner(chat) is None, "Timur does not speak Uzbek"
    assert room.one("SELECT language FROM standing WHERE chat_id = :id", id=chat) == "uz_Latn"
