"""The lists: order, marks, counts, and a cost that does not grow."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from app.actions import closing, reply, routing
from app.base import clock
from app.models.chat import Outcome
from app.models.db import db
from app.queries import chat_list
from tests.cast import Cast
from tests.desk.clients import Client
from tests.desk.test_visible import viewer


@contextmanager
def statements() -> Iterator[list[str]]:
    told: list[str] = []

    def tell(conn: object, cursor: object, statement: str, *rest: object) -> None:
        told.append(statement)

    event.listen(db.engine, "before_cursor_execute", tell)
    yield told
    event.remove(db.engine, "before_cursor_execute", tell)


@pytest.mark.clause("8.1")
def test_whoever_waits_longest_stands_first(cast: Cast, dilshod: Client) -> None:
    now, by = clock.now(), viewer(cast.aziza)
    late, early = Client("Malika", 2), Client("Rustam", 3)
    early.writes("Salom", now - timedelta(minutes=9))
    late.writes("Salom", now - timedelta(minutes=2))
    dilshod.writes("Salom", now - timedelta(minutes=20))
    for client in (early, late, dilshod):
        routing.take(client.chat_id, by, now)
    reply.say(dilshod.chat_id, "Bir daqiqa", by, now)
    rows = chat_list.mine(by)
    assert [row.name for row in rows] == ["Rustam", "Malika", "Dilshod Aliyev"]
    assert [row.order for row in rows] == sorted(row.order for row in rows)
    assert rows[0].waits_since is not None
    assert rows[2].awaits_since is not None


def test_a_row_says_who_spoke_last_and_what_is_begun(cast: Cast, dilshod: Client) -> None:
    by = viewer(cast.aziza)
    chat_id = dilshod.writes("Mening kartam 8600 1234 5678 9012")
    routing.take(chat_id, by, clock.now())
    reply.keep_draft(chat_id, "Tekshir", by, clock.now())
    (row,) = chat_list.mine(by)
    assert (row.draft, row.unread) == ("Tekshir", 1)
    assert "1234" not in row.said
    reply.say(chat_id, "Tekshiraman", by, clock.now())
    (row,) = chat_list.mine(by)
    assert (row.draft, row.said, row.said_by, row.unread) == ("", "Tekshiraman", "owner", 0)


def test_a_page_shows_draft_and_unread(cast: Cast, dilshod: Client) -> None:
    by = viewer(cast.aziza)
    chat_id = dilshod.writes("Salom")
    routing.take(chat_id, by, clock.now())
    reply.keep_draft(chat_id, "Tekshir", by, clock.now())
    page = cast.aziza.browser.get("/chats?tab=mine").text
    assert "Tekshir" in page
    assert "data-unread" in page
    assert 'id="count-mine" data-digest-of="count:mine">1<' in page


def test_finished_chats_are_in_their_owners_list_only(cast: Cast, dilshod: Client) -> None:
    by = viewer(cast.aziza)
    chat_id = dilshod.writes("Salom")
    routing.take(chat_id, by, clock.now())
    closing.finish(chat_id, Outcome.SOLVED, [], "", by, clock.now())
    assert [row.chat_id for row in chat_list.closed(by)] == [chat_id]
    assert chat_list.closed(viewer(cast.timur)) == []
    assert chat_list.mine(by) == chat_list.queue(by) == []
    dilshod.writes("Yana men")
    assert chat_list.closed(by) == []


@pytest.mark.parametrize("tab", ["mine", "queue", "closed"])
def test_a_list_is_three_statements_whatever_its_length(cast: Cast, dilshod: Client, tab: str) -> None:
    counts = []
    for many in (1, 12):
        for number in range(many):
            chat_id = Client(f"Mijoz {number}", 100 * many + number).writes("Salom")
            if tab != "queue":
                routing.take(chat_id, viewer(cast.aziza), clock.now())
            if tab == "closed":
                closing.finish(chat_id, Outcome.SOLVED, [], "", viewer(cast.aziza), clock.now())
        with statements() as told:
            getattr(chat_list, tab)(viewer(cast.aziza))
            chat_list.counts(viewer(cast.aziza))
            chat_list.digest(viewer(cast.aziza), tab)
        counts.append(len([one for one in told if "standing" in one]))
    assert counts[0] == counts[1] <= 3


def test_the_window_is_fifty_rows(cast: Cast, dilshod: Client) -> None:
    now = clock.now()
    for number in range(chat_list.WINDOW + 3):
        Client(f"Mijoz {number}", 500 + number).writes("Salom", now - timedelta(minutes=number))
    rows = chat_list.queue(viewer(cast.aziza))
    assert len(rows) == chat_list.WINDOW
    assert rows[0].name == f"Mijoz {chat_list.WINDOW + 2}"
    assert chat_list.counts(viewer(cast.aziza)).queue == chat_list.WINDOW + 3
