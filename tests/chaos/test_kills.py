"""Kill any part at any moment: nothing is lost, nothing comes twice, the order holds, nothing stays behind."""

import os

import pytest

from app.actions.delivery import LANES
from bench.desk import Desk
from bench.people import hire
from tests.chaos.books import balance
from tests.chaos.load import Clients, Staff, busy, until
from tests.chaos.victims import CUTS_SENDING, ROUND, kill_and_see_it_heal
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
    uncertain = balance(desk, clients, staff)
    assert len(uncertain) <= LANES * sum(victim in CUTS_SENDING for victim in kills)

    written, answers = sum(one.total for one in clients), sum(len(said) for one in staff for said in one.said.values())
    slowest, victim = max(healed)
    print(f"{len(kills)} kills, {written} words in, {answers} answers out, {len(uncertain)} uncertain")
    print(f"slowest to heal: {victim}, {slowest:.1f} s")
