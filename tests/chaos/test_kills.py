"""Kill any part at any moment: nothing is lost, nothing comes twice, the order holds, nothing stays behind."""

import os
from itertools import chain
from typing import Any

import pytest

from app.actions.delivery import LANES
from bench.desk import Desk
from bench.people import hire
from tests.chaos.conftest import stored
from tests.chaos.load import Clients, Staff, accepted, busy, until
from tests.chaos.victims import CUTS_SENDING, ROUND, kill_and_see_it_heal, single
from tests.peers import Peer

pytestmark = pytest.mark.clause("8.1", "8.7")

ROUNDS = 17 if os.environ.get("LONG") else 1  # by hand: 204 kills


def test_whatever_is_killed_under_load_nothing_is_lost_doubled_or_stuck(desk: Desk, polled: Peer, hooked: Peer) -> None:
    clients = Clients(polled, range(1000, 1015), pause=0.05), Clients(hooked, range(2000, 2015), pause=0.05)
    staff = [Staff(desk, operator, pause=0.1) for operator in hire(desk, 2)]
    kills = list(ROUND) * ROUNDS

    with busy(*(one.write for one in clients), *(one.work for one in staff)):
        until(lambda: all(one.chats for one in staff), "both operators have work")
        healed = [(kill_and_see_it_heal(desk, victim), victim) for victim in kills]
    written = sum(one.total for one in clients)
    _settled(desk, written)

    chats = {chat["client"]: chat for chat in stored(desk)}
    for number, wrote in chain(*(one.wrote.items() for one in clients)):
        assert chats[number]["client_said"] == wrote
    took = accepted(polled) | accepted(hooked)
    said = {chat_id: words for one in staff for chat_id, words in one.said.items()}
    uncertain = [words for chat in chats.values() for words in _check_answers(chat, said, took)]
    assert len(uncertain) <= LANES * sum(victim in CUTS_SENDING for victim in kills)
    answers, (slowest, victim) = sum(map(len, said.values())), max(healed)
    print(f"{len(kills)} kills, {written} words in, {answers} answers out, {len(uncertain)} uncertain")
    print(f"slowest to heal: {victim}, {slowest:.1f} s")
    assert single(desk, "SELECT count(*) FROM standing") == len(chats) == 30
    owned = "SELECT count(*) FILTER (WHERE owner_id IS NOT NULL) FROM standing"
    assert single(desk, "SELECT count(*) FROM assignment WHERE ended_at IS NULL") == single(desk, owned)
    assert polled.violations == hooked.violations == []


def _settled(desk: Desk, written: int) -> None:
    """No row stays behind."""
    count = "SELECT count(*) FROM message WHERE kind = 'client'"
    inbox = "SELECT jsonb_object_agg(state, n) FROM (SELECT state, count(*) AS n FROM inbox GROUP BY state) s"
    so_far = lambda: f"{written} words stored, but {single(desk, count)}; inbox {single(desk, inbox)}"  # noqa: E731
    until(lambda: single(desk, count) == written, so_far)
    until(lambda: single(desk, "SELECT count(*) FROM inbox WHERE state = 'new'") == 0, "the inbox is taken")
    unsent = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')"
    until(lambda: single(desk, unsent) == 0, "the outbox is sent")
    assert single(desk, "SELECT count(*) FROM inbox WHERE state = 'failed'") == 0


def _check_answers(chat: dict[str, Any], said: dict[int, list[str]], took: dict[int, list[str]]) -> list[str]:
    """Said = stored; each is accepted once, in order, or marked uncertain. Gives the uncertain ones."""
    mine, arrived = said.get(chat["id"], []), took.get(chat["client"], [])
    assert chat["answers_in_order"] == mine
    assert len(set(arrived)) == len(arrived)
    assert [words for words in mine if words in arrived] == arrived
    uncertain = [words for words in mine if chat["answers"][words] == "uncertain"]
    assert {words for words in mine if words not in arrived} <= set(uncertain)
    assert set(chat["answers"].values()) <= {"sent", "uncertain"}
    return uncertain
