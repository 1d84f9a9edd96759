"""Who gets a waiting chat: by language, skill, group, load and acquaintance; and why not the others."""

from datetime import timedelta

import pytest

from app.actions import closing, dispatch, routing
from app.models.chat import Outcome
from app.queries import candidates, waiting
from tests.cast import Cast
from tests.dispatch.conftest import Room


def test_a_waiting_chat_is_given_to_whoever_is_free(room: Room, cast: Cast) -> None:
    room.active(cast.aziza)
    chat = room.waits()

    assert dispatch.assign(room.later(seconds=1)) == 1

    assert room.owner(chat) == cast.aziza.id
    assert room.told(chat)[-1] == "given"


def test_in_the_mode_of_the_queue_nobody_is_given_anything(room: Room, cast: Cast) -> None:
    room.run("UPDATE setting SET value = '\"queue\"' WHERE key = 'routing.mode'")
    room.run("UPDATE setting_version SET number = number + 1")
    room.active(cast.aziza)
    from app.queries import settings

    settings.forget()
    chat = room.waits()

    dispatch.assign(room.later(seconds=1))

    assert room.owner(chat) is None


def test_whoever_has_fewer_chats_for_his_capacity_is_first(room: Room, cast: Cast) -> None:
    room.active(cast.aziza, capacity=2)
    room.active(cast.timur, capacity=10)
    first, second, third = room.waits(), room.waits(), room.waits()

    dispatch.assign(room.later(seconds=1))

    owners = [room.owner(chat) for chat in (first, second, third)]
    assert sorted(owners).count(cast.timur.id) == 2  # type: ignore[type-var]


def test_a_channel_that_weighs_more_fills_sooner(room: Room, cast: Cast) -> None:
    room.active(cast.aziza, capacity=3)
    room.waits()
    room.run("UPDATE channel SET weight = 20")
    second = room.waits()

    assert dispatch.assign(room.later(seconds=1)) == 1
    assert room.owner(second) is None


def test_nobody_gets_more_than_his_capacity(room: Room, cast: Cast) -> None:
    room.active(cast.aziza, capacity=2)
    chats = [room.waits() for _ in range(4)]

    assert dispatch.assign(room.later(seconds=1)) == 2
    assert [room.owner(chat) for chat in chats].count(cast.aziza.id) == 2


def test_round_robin_goes_around(room: Room, cast: Cast) -> None:
    team = room.group(cast.aziza, cast.timur, method="round_robin")
    room.active(cast.aziza)
    room.active(cast.timur)
    owners = []
    for _ in range(4):
        chat = room.waits(group_id=team)
        dispatch.assign(room.later(seconds=1))
        owners.append(room.owner(chat))

    assert owners[0] != owners[1]
    assert owners[:2] == owners[2:]


def test_whoever_is_idle_the_longest_is_first(room: Room, cast: Cast) -> None:
    team = room.group(cast.aziza, cast.timur, method="longest_idle", last_operator_hours=0)
    aziza = room.active(cast.aziza)
    room.active(cast.timur)
    done = room.waits()
    routing.take(done, aziza, room.later(seconds=1))
    closing.finish(done, Outcome.SOLVED, [], "", aziza, room.later(seconds=5))
    chat = room.waits(group_id=team)

    dispatch.assign(room.later(seconds=1))

    assert room.owner(chat) == cast.timur.id


@pytest.mark.clause("5.1")
def test_a_chat_goes_only_to_whoever_speaks_its_language(room: Room, cast: Cast) -> None:
    room.active(cast.timur)
    room.active(cast.aziza, capacity=1)
    busy, chat = room.waits(language="uz_Latn"), room.waits(language="uz_Latn")

    dispatch.assign(room.later(seconds=1))

    assert room.owner(busy) == cast.aziza.id
    assert room.owner(chat) is None


@pytest.mark.clause("5.1")
def test_another_language_may_answer_only_when_the_setting_lets_it_and_after_its_minutes(
    room: Room, cast: Cast
) -> None:
    room.active(cast.timur)
    chat = room.waits(language="uz_Latn")
    room.set("routing.other_language_minutes", "10")

    dispatch.assign(room.later(minutes=9))
    assert room.owner(chat) is None

    dispatch.assign(room.later(minutes=2))
    assert room.owner(chat) == cast.timur.id


@pytest.mark.clause("5.1")
def test_russian_in_latin_letters_is_russian(room: Room, cast: Cast) -> None:
    room.active(cast.timur)
    chat = room.waits("privet, u menya karta zablokirovana, pomogite pozhaluysta razblokirovat")
    room.run("UPDATE standing SET language = 'ru' WHERE language = 'ru_Latn'")

    dispatch.assign(room.later(seconds=1))

    assert room.owner(chat) in (cast.timur.id, None)
    assert room.one("SELECT count(*) FROM standing WHERE language = 'ru_Latn'") == 0


@pytest.mark.clause("1.4")
def test_a_skill_is_never_crossed_however_wide_the_chat_is_asked(room: Room, cast: Cast) -> None:
    skill = room.skill(cast.aziza)
    room.active(cast.timur)
    room.active(cast.aziza, capacity=1)
    first, second = (room.waits(skill_ids=[skill], level=2) for _ in range(2))

    dispatch.assign(room.later(seconds=1))

    assert {room.owner(first), room.owner(second)} == {cast.aziza.id, None}


@pytest.mark.clause("1.4")
def test_the_higher_score_goes_first(room: Room, cast: Cast) -> None:
    room.active(cast.aziza, capacity=1)
    plain, premium = room.waits(), room.waits(score=40)

    dispatch.assign(room.later(seconds=1))

    assert room.owner(premium) == cast.aziza.id
    assert room.owner(plain) is None


@pytest.mark.clause("7.5")
def test_a_chat_of_a_group_is_asked_of_the_next_groups_and_then_of_everybody(room: Room, cast: Cast) -> None:
    others = room.group(cast.timur)
    team = room.group(cast.kamola, wider_after_s=30, wider_ids=[others])
    timur, aziza = room.active(cast.timur), room.active(cast.aziza)
    chat = room.waits(group_id=team)

    dispatch.assign(room.later(seconds=29))
    assert room.owner(chat) is None

    room.run("UPDATE person SET capacity = 1")
    held = room.waits()
    routing.take(held, timur, room.now)
    dispatch.assign(room.later(seconds=2))
    assert room.owner(chat) is None, "the next group has no hand free"

    dispatch.assign(room.later(seconds=30))
    assert room.owner(chat) == aziza.person_id
    assert room.told(chat).count("widened") == 2


def test_the_last_operator_is_first_within_his_hours(room: Room, cast: Cast) -> None:
    aziza, timur = room.active(cast.aziza, capacity=2), room.active(cast.timur)
    chat = room.waits()
    routing.take(chat, aziza, room.later(seconds=1))
    closing.finish(chat, Outcome.SOLVED, [], "", aziza, room.later(seconds=1))
    other = room.waits()
    routing.take(other, aziza, room.later(seconds=1))
    _writes_again(room, chat)

    dispatch.assign(room.later(seconds=1))

    assert room.owner(chat) == aziza.person_id, "although Timur has nothing to do"
    assert timur.person_id != aziza.person_id


def test_the_person_a_rule_names_gets_it_and_for_a_moment_is_waited_for(room: Room, cast: Cast) -> None:
    aziza = room.active(cast.aziza, capacity=1)
    room.active(cast.timur)
    held = room.waits()
    routing.take(held, aziza, room.now)
    chat = room.waits(wished_id=cast.aziza.id)

    dispatch.assign(room.later(seconds=30))
    assert room.owner(chat) is None

    dispatch.assign(room.later(seconds=31))
    assert room.owner(chat) == cast.timur.id


def test_the_trace_says_why_not_the_others(room: Room, cast: Cast) -> None:
    room.active(cast.aziza)
    room.active(cast.timur)
    cast.botir  # noqa: B018 - at work, and given no new chats
    chat = room.waits(language="uz_Latn")

    dispatch.assign(room.later(seconds=1))

    passed = room.one("SELECT data->'passed' FROM routing_trace WHERE chat_id = :id AND what = 'given'", id=chat)
    assert passed == {str(cast.timur.id): "language", str(cast.botir.id): "status"}


def test_a_backlog_of_many_is_given_out_to_the_last_free_hand(room: Room, cast: Cast) -> None:
    room.active(cast.aziza, capacity=7)
    room.active(cast.timur, capacity=6)
    chats = [room.waits() for _ in range(20)]

    assert dispatch.assign(room.later(seconds=1)) == 13
    assert sum(room.owner(chat) is not None for chat in chats) == 13


def _writes_again(room: Room, chat_id: int) -> None:
    """The episode begins anew, as at the client's next word."""
    identity = room.one("SELECT identity_id FROM episode WHERE chat_id = :id", id=chat_id)
    episode = room.one(
        """INSERT INTO episode (chat_id, number, direction, type, channel_id, identity_id, arrived_at, queued_at)
           SELECT chat_id, 2, 'in', 'new', channel_id, identity_id, :now, :now FROM episode WHERE chat_id = :id
           RETURNING id""",
        id=chat_id,
        now=room.now,
    )
    room.run(
        """INSERT INTO standing (chat_id, episode_id, stage, identity_id, waits_since, last_at, queued_at)
           VALUES (:chat, :episode, 'queue', :identity, :now, :now, :now)""",
        chat=chat_id,
        episode=episode,
        identity=identity,
        now=room.now,
    )


def test_whoever_returned_a_chat_does_not_get_it_back_while_a_colleague_is_free(room: Room, cast: Cast) -> None:
    aziza = room.active(cast.aziza)
    chat = room.waits()
    routing.take(chat, aziza, room.now)
    routing.give_back(chat, aziza, room.later(seconds=1))

    dispatch.assign(room.later(seconds=1))
    assert room.owner(chat) in (None, aziza.person_id)

    room.active(cast.timur)
    if room.owner(chat) is None:
        dispatch.assign(room.now + timedelta(seconds=1))
        assert room.owner(chat) == cast.timur.id


@pytest.mark.clause("7.5")
def test_the_trace_of_a_gift_counts_everybody_as_the_choice_among_all_would(room: Room, cast: Cast) -> None:
    """Only people with a hand free are read to give a chat; why not the others is found apart, by the same reasons."""
    team, skill = room.group(cast.aziza, cast.timur), room.skill(cast.aziza, cast.timur)
    aziza = room.active(cast.aziza, capacity=1)
    room.active(cast.timur)
    cast.botir  # noqa: B018 - at work, and given no new chats
    routing.take(room.waits(), aziza, room.now)
    chat = room.waits(language="ru", group_id=team, skill_ids=[skill])
    asked = waiting.these([chat])[0]
    expected = candidates.choose(asked, candidates.pool(room.now), candidates.ways(), room.now)

    dispatch.assign(room.later(seconds=1))

    passed = room.one("SELECT data->'passed' FROM routing_trace WHERE chat_id = :id AND what = 'given'", id=chat)
    assert room.owner(chat) == expected.person_id == cast.timur.id
    assert passed == {str(person): reason.value for person, reason in expected.passed.items()}
    assert passed == {str(cast.aziza.id): "full", str(cast.botir.id): "status"}
