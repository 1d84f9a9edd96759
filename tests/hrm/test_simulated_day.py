"""The simulated day keeps the laws of the live one, and gives as it would."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from app.actions import dispatch
from app.models.dispatch import Way
from app.models.rule import Facts
from app.queries import candidates, replay, rules
from bench import day
from tests.cast import Cast
from tests.dispatch.conftest import Room

pytestmark = pytest.mark.clause("1.4", "5.1")

FIRST = datetime(2026, 11, 22, 19, tzinfo=UTC)


def world(chats: int, people: int) -> replay.World:
    chance = random.Random(3)
    staff = [*day.staff(people, [1, 2], chance)]
    chosen = rules.RuleSet(curve=((0, 0), (3, 12), (10, 60)))
    return replay.World(day.arrivals(chats, FIRST, {}, people, chance), day.turns(staff, FIRST, chance),
                     {1: Way(), 2: Way()}, {1: 60}, chosen)  # fmt: skip


def test_every_chat_is_given_once_to_somebody_who_speaks_its_language(context: None) -> None:
    lived = world(1500, 14)
    people = {turn.person.person_id: turn.person for turn in lived.turns}
    for seen in (replay.by_rules(lived), replay.oldest_first(lived)):
        assert len({arrival.chat_id for arrival, _s, _who in seen.answered}) == len(seen.answered) == 1500 - seen.left
        assert all(arrival.facts.language in people[who].languages for arrival, _s, who in seen.answered)
        assert min(seconds for _a, seconds, _who in seen.answered) >= 0


def test_nobody_holds_more_than_his_capacity(context: None) -> None:
    seen = replay.by_rules(world(1500, 14))
    moments = []
    for arrival, seconds, who in seen.answered:
        given = arrival.at + timedelta(seconds=seconds)
        moments += [(given + arrival.lasts, 0, who), (given, 1, who)]
    held: Counter[int] = Counter()
    for _moment, began, who in sorted(moments):
        held[who] += 1 if began else -1
        assert held[who] <= day.CAPACITY


def test_the_simulated_queue_gives_as_the_live_one(room: Room, cast: Cast) -> None:
    for actor in (cast.aziza, cast.timur):
        room.active(actor, capacity=4)
    people, ways = candidates.pool(room.now), candidates.ways()
    turns = [replay.Turn(one, room.now, *(room.now + timedelta(hours=hours) for hours in (5, 6, 9))) for one in people]
    arrivals, live = [], {}
    for language in ("ru", "uz_Latn", "en", "ru", "en", "uz_Latn", "ru", "uz_Cyrl", "en", "ru"):
        room.later(seconds=1)
        chat = room.waits(language=language)
        arrivals.append(replay.Arrival(chat, room.now, _facts(chat, language), timedelta(hours=9)))
        dispatch.assign(room.now)
        live[chat] = room.owner(chat)

    seen = replay.by_rules(replay.World(arrivals, turns, ways, {}, rules.RuleSet()))

    assert {arrival.chat_id: who for arrival, _s, who in seen.answered} == {
        chat: who for chat, who in live.items() if who
    }
    assert seen.left == sum(who is None for who in live.values()) > 0


def _facts(chat: int, language: str) -> Facts:
    return Facts(1, "telegram", language, (), None, chat, "", False, False, {}, FIRST)
