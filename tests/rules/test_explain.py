"""Every chat explains its place; the queue stands by the score."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from app.actions import rescoring
from app.base import clock
from app.models.rule import Facts
from app.queries import chat_list, explain, rules
from tests.cast import Cast
from tests.desk.clients import Client
from tests.road.conftest import viewer_of
from tests.rules.conftest import routed, run, scored

_numbers = itertools.count(9000)


def total(why: explain.Why) -> int:
    return rules.total(why.points) + why.then + why.waiting


@pytest.mark.clause("1.4", "5.1")
def test_the_explanation_adds_up_to_the_score_whatever_changes(dilshod: Client) -> None:
    """Random rules come and go, minutes pass, scores are counted anew or not yet: the sum is always the score."""

    @given(
        weights=st.lists(st.integers(-1000, 1000), max_size=3),
        priority=st.integers(-1000, 1000),
        minutes=st.integers(0, 90),
        counted=st.booleans(),
    )
    @hypothesis(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    def holds(weights: list[int], priority: int, minutes: int, counted: bool) -> None:
        now = clock.now()
        for points in weights:
            scored(f"{points}", points, {"kind": "channel_kind", "value": ["telegram"]})
        routed("Приоритет", {"priority": priority})
        chat_id = Client("Malika", next(_numbers)).writes("Salom", now)
        scored("Позже", 7)
        later = now + timedelta(minutes=minutes)
        if counted:
            rescoring.rescore(later)
        why = explain.of_chat(chat_id, later)
        assert why is not None
        assert total(why) == why.score == run("SELECT score FROM standing WHERE chat_id = :id", id=chat_id)
        if counted:
            assert why.then == 0
        run("DELETE FROM score_rule")
        run("UPDATE standing SET rule_id = NULL")
        run("DELETE FROM routing_rule")

    holds()


@pytest.mark.clause("5.1")
def test_an_operator_reads_why_a_chat_stands_here_with_scripts_and_without(cast: Cast, dilshod: Client) -> None:
    now = clock.now()
    rule = routed("Узбекский", {"group": None, "priority": 25}, {"kind": "channel_kind", "value": ["telegram"]})
    chat_id = dilshod.writes("Salom", now - timedelta(minutes=3, seconds=5))
    rescoring.rescore(now)
    browser = cast.aziza.browser
    assert f'href="/chats/{chat_id}/why"' in browser.get(f"/chats/{chat_id}").text
    for answer in (
        browser.get(f"/chats/{chat_id}/why"),
        browser.get(f"/chats/{chat_id}/why", headers={"HX-Request": "1"}),
    ):
        assert answer.status_code == 200
        assert "+25" in answer.text and "+12" in answer.text and "Узбекский" in answer.text
    assert rule == run("SELECT rule_id FROM standing")


def test_a_chat_in_work_does_not_wait_and_a_stranger_learns_nothing(cast: Cast, dilshod: Client) -> None:
    chat_id = dilshod.writes("Salom")
    run("UPDATE standing SET stage = 'work', owner_id = :id", id=cast.timur.id)
    assert explain.of_chat(chat_id, clock.now()) is None
    assert cast.aziza.browser.get(f"/chats/{chat_id}/why").status_code == 404
    assert cast.botir.browser.get(f"/chats/{chat_id}/why").status_code == 200


@pytest.mark.clause("1.4", "5.1")
def test_the_queue_stands_by_points_then_by_waiting(cast: Cast, dilshod: Client) -> None:
    now = clock.now()
    oldest = dilshod.writes("Salom", now - timedelta(minutes=2))
    scored("Карта", 30, {"kind": "text", "value": ["kartam"]})
    card = Client("Malika", 4243).writes("Kartam bloklandi", now - timedelta(minutes=1))
    newest = Client("Jamshid", 4244).writes("Salom", now)
    rescoring.rescore(now)
    rows = chat_list.queue(viewer_of(cast.botir))
    assert [row.chat_id for row in rows] == [card, oldest, newest]
    assert [row.order for row in rows] == sorted(row.order for row in rows)


def test_the_digest_of_the_queue_changes_with_the_order_and_not_with_points_that_grow(
    cast: Cast, dilshod: Client
) -> None:
    now, botir = clock.now(), viewer_of(cast.botir)
    first = dilshod.writes("Salom", now - timedelta(minutes=2))
    Client("Malika", 4243).writes("Salom", now)
    rescoring.rescore(now)
    before = chat_list.digest(botir, "queue")
    assert rescoring.rescore(now + timedelta(minutes=2)) == 2
    assert chat_list.digest(botir, "queue") == before
    run("UPDATE standing SET score = score - 100 WHERE chat_id = :id", id=first)
    assert chat_list.digest(botir, "queue") != before


def test_facts_of_a_chat_say_what_rules_ask(dilshod: Client) -> None:
    from app.queries import facts

    chat_id = dilshod.writes("Kartam yoʻqoldi")
    found = facts.of_chat(chat_id)
    assert isinstance(found, Facts)
    assert (found.text, found.channel_kind, found.verified, found.returning) == (
        "Kartam yoʻqoldi",
        "telegram",
        False,
        False,
    )
