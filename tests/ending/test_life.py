"""Whatever happens in whatever order, a chat's life never enters a state that cannot be."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.actions import asking, auto_replies, closing, idling, reply, routing, snoozing
from app.base.refusal import Refusal
from app.models.chat import Outcome, Snooze
from app.models.db import db
from app.models.rating import callback
from tests.ending.conftest import Desk

pytestmark = pytest.mark.clause("9.5", "9.6")

_clients = count(60_000)

# Each counts what would be impossible; all of them are nought.
IMPOSSIBLE = {
    "open without a standing": """SELECT count(*) FROM episode e WHERE e.closed_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM standing s WHERE s.episode_id = e.id)""",
    "a standing of a closed episode": """SELECT count(*) FROM standing s JOIN episode e ON e.id = s.episode_id
        WHERE e.closed_at IS NOT NULL""",
    "an owner without an assignment": """SELECT count(*) FROM standing s WHERE s.owner_id IS NOT NULL AND NOT EXISTS
        (SELECT 1 FROM assignment a WHERE a.episode_id = s.episode_id AND a.ended_at IS NULL
            AND a.person_id = s.owner_id)""",
    "an assignment that nobody has": """SELECT count(*) FROM assignment a JOIN episode e ON e.id = a.episode_id
        LEFT JOIN standing s ON s.episode_id = e.id WHERE a.ended_at IS NULL AND s.owner_id IS NULL""",
    "an assignment that ends before it began": "SELECT count(*) FROM assignment WHERE ended_at < began_at",
    "a closing that goes on while it is not resumed": """SELECT count(*) FROM closure c JOIN episode e
        ON e.id = c.episode_id WHERE e.closed_at IS NULL AND c.resumed_at IS NULL""",
    "a closing resumed before it was": "SELECT count(*) FROM closure WHERE resumed_at < closed_at",
    "an open episode with an outcome": "SELECT count(*) FROM episode WHERE closed_at IS NULL AND outcome IS NOT NULL",
    "a question where nobody spoke": """SELECT count(*) FROM rating r WHERE NOT EXISTS
        (SELECT 1 FROM message m WHERE m.episode_id = r.episode_id AND m.kind = 'mine')""",
    "a question after spam": """SELECT count(*) FROM rating r JOIN closure c ON c.id = r.closure_id
        WHERE c.outcome = 'spam'""",
    "two marks of one question": """SELECT count(*) FROM (SELECT 1 FROM event WHERE verb = 'rated'
        GROUP BY episode_id, chat_id HAVING count(*) > (SELECT count(*) FROM rating r
        WHERE r.episode_id = event.episode_id AND r.mark IS NOT NULL)) AS twice""",
    "a client who waits and is awaited": """SELECT count(*) FROM standing
        WHERE waits_since IS NOT NULL AND awaits_since IS NOT NULL""",
    "an update that was not taken": "SELECT count(*) FROM inbox WHERE state <> 'taken'",
}


class Life:
    """One client's chat, pushed about."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.who = desk, next(_clients)
        desk.telegram.chat(self.who)
        desk.client_says(of=self.who)
        self.chat_id = desk.one(
            "SELECT c.id FROM chat c JOIN identity i USING (customer_id) WHERE i.external_id = :who", who=str(self.who)
        )

    def writes(self) -> None:
        self.desk.client_says("Yana", of=self.who)

    def takes(self) -> None:
        routing.take(self.chat_id, self.desk.aziza, self.desk.at)

    def says(self) -> None:
        reply.say(self.chat_id, "Javob", self.desk.aziza, self.desk.at)

    def returns(self) -> None:
        routing.give_back(self.chat_id, self.desk.aziza, self.desk.at)

    def closes(self) -> None:
        closing.finish(self.chat_id, Outcome.SOLVED, [], "", self.desk.aziza, self.desk.at)

    def spams(self) -> None:
        closing.finish(self.chat_id, Outcome.SPAM, [], "", self.desk.aziza, self.desk.at)

    def leaves(self) -> None:
        identity = self.desk.one("SELECT id FROM identity WHERE external_id = :who", who=str(self.who))
        closing.finish_by_client(self.chat_id, identity, self.desk.at)

    def sets_aside(self) -> None:
        snoozing.snooze(self.chat_id, Snooze.CLIENT, None, self.desk.aziza, self.desk.at)

    def asks(self) -> None:
        asking.ask(self.desk.at)

    def waits(self) -> None:
        self.desk.later(minutes=55)
        idling.close(self.desk.at)
        auto_replies.tell_waiting(self.desk.at)

    def rates(self) -> None:
        self._presses("4")

    def rates_again(self) -> None:
        self._presses("1")

    def comments(self) -> None:
        self._presses("comment")

    def goes_on(self) -> None:
        self._presses("resume")

    def _presses(self, what: str) -> None:
        last = self.desk.one("SELECT max(id) FROM rating WHERE chat_id = :id", id=self.chat_id)
        self.desk.presses(callback(last or 1, what), of=self.who)


ACTS: list[Callable[[Life], None]] = [
    Life.writes, Life.takes, Life.says, Life.returns, Life.closes, Life.spams, Life.leaves, Life.sets_aside, Life.asks,
    Life.waits, Life.rates, Life.rates_again, Life.comments, Life.goes_on,
]  # fmt: skip
# Chance alone seldom comes as far as a rating: most lives begin served.
SERVED = [Life.takes, Life.says, Life.closes, Life.asks]


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(served=st.booleans(), acts=st.lists(st.sampled_from(ACTS), min_size=3, max_size=12))
def test_no_life_of_a_chat_comes_into_an_impossible_state(
    desk: Desk, served: bool, acts: list[Callable[[Life], None]]
) -> None:
    life = Life(desk)
    for act in (SERVED if served else []) + acts:
        desk.later(seconds=7)
        with suppress(Refusal):
            act(life)
    wrong = {name: found for name, query in IMPOSSIBLE.items() if (found := db.session.scalar(text(query)))}
    db.session.rollback()
    assert wrong == {}
