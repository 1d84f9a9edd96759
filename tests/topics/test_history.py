"""What chats were about: filtered, sorted, under the names of then or of today (clause 9.5)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from app.actions import closing, lists, routing, topics
from app.actions.journal import HERE
from app.base import clock
from app.models.chat import Outcome
from app.models.db import db, transaction
from app.models.topic import TOPICS
from app.models.viewer import SYSTEM
from app.queries import topic_history
from app.queries.topic_history import Wish
from tests.cast import Cast
from tests.desk.clients import Client
from tests.desk.test_visible import viewer
from tests.topics.grown import BLOCKING, CARDS, LIMITS

pytestmark = [pytest.mark.own_database, pytest.mark.clause("9.5")]


def finished(cast: Cast, client: Client, *topic_ids: int, outcome: Outcome = Outcome.SOLVED) -> int:
    chat_id = client.writes("Salom")
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    closing.finish(chat_id, outcome, topic_ids, "", viewer(cast.aziza), clock.now())
    return chat_id


def paths(wish: Wish) -> list[str]:
    found = [row.path for row in topic_history.history(SYSTEM, wish, "en").rows]
    db.session.rollback()
    return found


def test_a_chat_keeps_the_path_of_its_day_and_can_be_asked_for_todays(cast: Cast, dilshod: Client) -> None:
    finished(cast, dilshod, LIMITS)
    at = clock.now() + timedelta(minutes=1)
    topics.move(LIMITS, None, SYSTEM, HERE, at)
    assert paths(Wish()) == ["Cards › Limits"] and paths(Wish(today=True)) == ["Limits"]


def test_no_merge_move_or_archiving_changes_how_many_chats_a_branch_counts(cast: Cast, dilshod: Client) -> None:
    for number, topic_id in enumerate((LIMITS, BLOCKING, BLOCKING), 2):
        finished(cast, Client("Malika", number), topic_id)
    at = clock.now() + timedelta(minutes=1)
    assert len(paths(Wish(branch_id=CARDS))) == 3
    topics.merge(LIMITS, BLOCKING, SYSTEM, HERE, at)
    assert len(paths(Wish(branch_id=CARDS))) == len(paths(Wish(branch_id=BLOCKING))) == 3
    lists.archive(TOPICS, BLOCKING, SYSTEM, HERE, at + timedelta(minutes=1))
    assert len(paths(Wish(branch_id=CARDS))) == 3
    assert sorted(paths(Wish())) == ["Cards › Blocking", "Cards › Blocking", "Cards › Limits"]


def test_the_history_is_filtered_and_sorted(cast: Cast, dilshod: Client) -> None:
    finished(cast, dilshod, LIMITS, outcome=Outcome.NOT_SOLVED)
    finished(cast, Client("Malika", 2), BLOCKING)
    finished(cast, Client("Rustam", 3), outcome=Outcome.SPAM)
    assert paths(Wish(outcome="not_solved")) == ["Cards › Limits"]
    assert paths(Wish(outcome="spam")) == [""]
    assert paths(Wish(owner_id=cast.timur.id)) == []
    assert paths(Wish(sort="topic")) == ["Cards › Blocking", "Cards › Limits", ""]
    assert paths(Wish(sort="old")) == list(reversed(paths(Wish(sort="new"))))


def test_a_month_ends_at_midnight_in_tashkent(cast: Cast, dilshod: Client) -> None:
    for number, moment in enumerate(("2026-10-31 18:59:59+00", "2026-10-31 19:00:00+00"), 2):
        chat_id = finished(cast, Client("Malika", number), LIMITS)
        with transaction():
            asked = text("UPDATE episode SET closed_at = :at WHERE chat_id = :id")
            db.session.execute(asked, {"at": datetime.fromisoformat(moment), "id": chat_id})
    midnight = datetime(2026, 10, 31, 19, tzinfo=UTC)
    assert len(paths(Wish(until=midnight))) == len(paths(Wish(since=midnight))) == 1
    page = cast.botir.browser.get("/watch/topics?since=2026-10-01&until=2026-10-31").text
    assert page.count('/topics"><span dir') == 1


def test_an_operator_sees_the_history_of_a_client_of_his(cast: Cast, dilshod: Client) -> None:
    chat_id = finished(cast, dilshod, LIMITS)
    assert "› Limits" in cast.aziza.browser.get(f"/chats/{chat_id}/topics", headers={"Accept-Language": "en"}).text
    assert cast.timur.browser.get(f"/chats/{chat_id}/topics").status_code == 404
    assert "› Limits" in cast.botir.browser.get("/watch/topics").text
    assert cast.aziza.browser.get("/watch/topics").status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        "since=x&until=9999-99-99",
        "since=0001-01-01",
        "topic=99999",
        "page=-5",
        "page=99999999999",
        "sort=x&outcome=y",
        "operator=a",
    ],
)
def test_odd_filters_break_nothing(cast: Cast, dilshod: Client, asked: str) -> None:
    assert cast.botir.browser.get(f"/watch/topics?{asked}").status_code == 200
