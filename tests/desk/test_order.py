"""The queue stands in the order in which "Take next" takes: the score first, then who waits longest."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.actions import routing
from app.base import clock
from app.models.db import db, transaction
from app.queries import chat_list
from tests.cast import Cast
from tests.desk.clients import Client
from tests.desk.test_visible import viewer

pytestmark = pytest.mark.clause("5.2")


def test_take_next_takes_the_first_of_the_list_each_time(cast: Cast, dilshod: Client) -> None:
    by, now = viewer(cast.aziza), clock.now()
    chats = [Client(f"Client {number}", 5000 + number).writes("Salom", now) for number in range(6)]
    with transaction():
        for place, (chat_id, score) in enumerate(zip(chats, (10, 500, 10, 90, 500, 0), strict=True)):
            values = {"id": chat_id, "score": score, "since": now - timedelta(minutes=place)}
            db.session.execute(
                text("UPDATE standing SET score = :score, waits_since = :since, last_at = :since WHERE chat_id = :id"),
                values,
            )
    shown = [row.chat_id for row in chat_list.queue(by)]
    orders = [row.order for row in chat_list.queue(by)]
    db.session.rollback()
    assert orders == sorted(orders)
    assert [routing.take_next(by, now) for _ in chats] == shown
    assert shown == [chats[place] for place in (4, 1, 3, 2, 0, 5)]


def test_the_page_of_a_newcomer_keeps_this_order(cast: Cast, dilshod: Client) -> None:
    first, second = Client("Avval", 6001).writes("Salom"), Client("Keyin", 6002).writes("Salom")
    with transaction():
        db.session.execute(text("UPDATE standing SET score = 900 WHERE chat_id = :id"), {"id": second})
    page = cast.timur.browser.get("/chats?tab=queue").text
    assert page.index(f'id="row-{second}"') < page.index(f'id="row-{first}"')
