"""The books after a disaster: written = stored, said = accepted, in order, once; no row stays behind."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from bench.desk import Desk
from tests.chaos.conftest import stored
from tests.chaos.load import Clients, Staff, accepted, until
from tests.chaos.victims import single

_INBOX = "SELECT jsonb_object_agg(state, n) FROM (SELECT state, count(*) AS n FROM inbox GROUP BY state) s"
_OWNED = "SELECT count(*) FILTER (WHERE owner_id IS NOT NULL) FROM standing"


def balance(desk: Desk, clients: Sequence[Clients], staff: Sequence[Staff]) -> list[str]:
    """Wait until all is settled, then hold every book against the others. Gives the answers shown as uncertain."""
    _settle(desk, sum(one.total for one in clients))
    chats = {chat["client"]: chat for chat in stored(desk)}
    for number, wrote in chain(*(one.wrote.items() for one in clients)):
        assert chats[number]["client_said"] == wrote
    took: dict[int, list[str]] = {}
    for one in clients:
        took |= accepted(one.peer)
        assert one.peer.violations == []
    said = {chat_id: words for one in staff for chat_id, words in one.said.items()}
    assert single(desk, "SELECT count(*) FROM standing") == len(chats) == sum(len(one.wrote) for one in clients)
    assert single(desk, "SELECT count(*) FROM assignment WHERE ended_at IS NULL") == single(desk, _OWNED)
    return [words for chat in chats.values() for words in _check_answers(chat, said, took)]


def _settle(desk: Desk, written: int) -> None:
    """No row stays behind."""
    count = "SELECT count(*) FROM message WHERE kind = 'client'"
    so_far = lambda: f"{written} words stored, but {single(desk, count)}; inbox {single(desk, _INBOX)}"  # noqa: E731
    until(lambda: single(desk, count) == written, so_far)
    until(lambda: single(desk, "SELECT count(*) FROM inbox WHERE state = 'new'") == 0, "the inbox is taken")
    unsent = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')"
    until(lambda: single(desk, unsent) == 0, "the outbox is sent")
    assert single(desk, "SELECT count(*) FROM inbox WHERE state = 'failed'") == 0


def _check_answers(chat: dict[str, Any], said: dict[int, list[str]], took: dict[int, list[str]]) -> list[str]:
    """Said = stored; each is accepted once and in order, or marked uncertain. Gives the uncertain ones.

    What is uncertain may have stayed in the network and arrive when the next has arrived already.
    """
    mine, arrived = said.get(chat["id"], []), took.get(chat["client"], [])
    assert chat["answers_in_order"] == mine
    assert len(set(arrived)) == len(arrived)
    uncertain = [words for words in mine if chat["answers"][words] == "uncertain"]
    sure = [words for words in arrived if words not in uncertain]
    in_order = [words for words in mine if words in sure]
    assert in_order == sure, [(a, b, chat["answers"][a]) for a, b in zip(in_order, sure, strict=True) if a != b]
    assert {words for words in mine if words not in arrived} <= set(uncertain)
    assert set(chat["answers"].values()) <= {"sent", "uncertain"}
    return uncertain
