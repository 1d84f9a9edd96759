"""What neither works nor dies: stopped processes, a network on which everything waits, is lost or is cut off."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import text

from app.actions.delivery import LANES
from app.models.db import db
from bench.desk import Desk
from bench.people import Operator, hire
from bench.sockets import Sockets
from tests.chaos.books import balance
from tests.chaos.load import Clients, Staff, busy, until
from tests.chaos.roads import Road, before
from tests.chaos.victims import goes_on, see_it_heal, single, still
from tests.peers import Peer

pytestmark = pytest.mark.clause("8.1", "8.7")

LONG = bool(os.environ.get("LONG"))
# By hand also longer than any time-out of ours, gunicorn's and that of a transaction nobody goes on with.
STALLS = [(victim, 3.0) for victim in ("web", "hot", "send", "postgres backend", "postmaster")] + LONG * [
    (victim, seconds)
    for seconds in (3.0, 45.0, 150.0)
    for victim in ("web", "hot", "send", "poll", "slow", "schedule", "postgres backend", "postmaster")
]
_KICK = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
     WHERE usename = 'muloqot_app' AND pid <> pg_backend_pid()
"""


class Load:
    """Clients by both roads and two operators."""

    def __init__(self, desk: Desk, polled: Peer, hooked: Peer, first: int) -> None:
        self.desk = desk
        self.clients = [
            Clients(polled, range(first, first + 8), pause=0.05),
            Clients(hooked, range(first + 100, first + 108), pause=0.05),
        ]
        self.staff = [Staff(desk, operator, pause=0.1) for operator in hire(desk, 2)]

    @contextmanager
    def goes_on(self) -> Iterator[None]:
        with busy(*(one.write for one in self.clients), *(one.work for one in self.staff)):
            until(lambda: all(one.chats for one in self.staff), "both operators have work")
            yield


@pytest.fixture(scope="module")
def load(desk: Desk, polled: Peer, hooked: Peer) -> Load:
    return Load(desk, polled, hooked, first=1000)


class Page:
    """A supervisor's page: which words were pushed to it. Told that its chat has moved, it asks to be let in again."""

    def __init__(self, desk: Desk) -> None:
        self.pushed = ""
        self._rooms: list[str] = []
        self._sockets = Sockets.of_desk(desk, hire(desk, 1, "supervisor"), self._hear)

    @contextmanager
    def open_at(self, chat_id: int) -> Iterator["Page"]:
        self._rooms = [f"chat:{chat_id}"]
        self._sockets.watch(0, self._rooms)
        try:
            yield self
        finally:
            self._sockets.close()

    def _hear(self, number: int, event: str, data: Any, moment: float) -> None:
        self.pushed += data["html"] if event == "fragment" else event
        if event == "moved" and data["id"] == "head":
            self._sockets.watch(0, self._rooms)


def test_while_redis_stands_still_words_come_answers_go_and_pages_hear_again_after_it(desk: Desk, load: Load) -> None:
    with load.goes_on(), Page(desk).open_at(load.staff[0].chats[0]) as page:
        until(lambda: page.pushed, "the page hears of its chat")
        with still(desk, "redis"):
            since = time.time()
            until(lambda: goes_on(desk, since), "words come and answers go without Redis")
        page.pushed = ""
        until(lambda: "heal" in page.pushed, "the page is told to fetch what it missed")
        page.pushed = ""
        until(lambda: "<" in page.pushed, "pushes arrive again")
    assert balance(desk, load.clients, load.staff) == []


def test_whatever_stands_still_under_load_nothing_is_lost_doubled_or_stuck(desk: Desk, load: Load) -> None:
    with load.goes_on():
        for victim, seconds in STALLS:
            with still(desk, victim):
                time.sleep(seconds)
            see_it_heal(desk, time.time(), f"{victim} stood still for {seconds:g} s")
    # Only a provider that waited longer than it is asked for leaves a doubt, and none does in three seconds.
    uncertain = balance(desk, load.clients, load.staff)
    assert len(uncertain) <= LANES * sum(seconds > 20 for _victim, seconds in STALLS)


def test_a_network_may_stall_cut_or_swallow(desk: Desk, load: Load, roads: list[Road]) -> None:
    with load.goes_on(), ExitStack() as standing:
        to_redis = standing.enter_context(before(_socket_of_redis(desk)))
        to_postgres = standing.enter_context(before(_socket_of_postgres(desk)))
        _let_everybody_come_anew(desk)
        until(lambda: to_redis.used and to_postgres.used and roads[0].used, "the roads are used")
        for what, road in (("Redis", to_redis), ("PostgreSQL", to_postgres), ("the provider", roads[0])):
            with road.stalled():
                time.sleep(3)
            see_it_heal(desk, time.time(), f"the network to {what} stalled")
            road.cut()
            see_it_heal(desk, time.time(), f"the connections to {what} were cut")
        for road in [to_redis, to_postgres] + LONG * [*roads]:
            with road.swallowed():
                time.sleep(3)
            see_it_heal(desk, time.time(), "what was sent was lost")
        _let_everybody_come_anew(desk)
    assert len(balance(desk, load.clients, load.staff)) <= LANES * 4


def test_what_the_network_to_the_database_has_swallowed_is_given_up(desk: Desk, load: Load) -> None:
    """No connection made before ever hears anything again, not even its end; meanwhile new ones are lost as well."""
    for one in load.staff:
        one.refused.clear()
    with load.goes_on(), before(_socket_of_postgres(desk)) as road:
        _let_everybody_come_anew(desk)
        until(lambda: road.used, "the road is used")
        with road.swallowed():
            assert _asked(desk, load.staff[0].browser.operator) == 503
        see_it_heal(desk, time.time(), "the network had swallowed the database")
        assert {status for one in load.staff for status in one.refused} <= {503}
        _let_everybody_come_anew(desk)
    assert len(balance(desk, load.clients, load.staff)) <= LANES * 2


@pytest.mark.usefixtures("context")
def test_a_session_that_stops_in_a_transaction_or_hears_nothing_is_ended_by_the_server() -> None:
    assert db.session.scalar(text("SHOW idle_in_transaction_session_timeout")) == "2min"
    assert db.session.scalar(text("SHOW lock_timeout")) == "10s"


def _asked(desk: Desk, operator: Operator) -> int:
    """What somebody is answered who waits for a page as long as a browser would."""
    connection = HTTPConnection(desk.host, desk.port, timeout=120)
    with closing(connection):
        connection.request("GET", "/chats", headers={"Cookie": operator.cookie})
        return connection.getresponse().status


def _let_everybody_come_anew(desk: Desk) -> None:
    """Connections made before go another way."""
    single(desk, _KICK)
    with Redis.from_url(desk.env["REDIS_URL"]) as redis:
        for kind in ("pubsub", "normal"):
            redis.client_kill_filter(_type=kind, skipme=True)


def _socket_of_redis(desk: Desk) -> Path:
    return Path(desk.env["REDIS_URL"].removeprefix("unix://").partition("?")[0])


def _socket_of_postgres(desk: Desk) -> Path:
    return Path(desk.database.rpartition("host=")[2]) / ".s.PGSQL.5432"
