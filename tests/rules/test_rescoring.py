"""The order of the queue is kept true, on PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from psycopg import Connection
from sqlalchemy import text

from app.actions import rescoring
from app.base import clock
from app.models.curve import earned
from app.models.db import db
from app.queries import chat_list
from tests.cast import Cast
from tests.desk.clients import Client
from tests.road.conftest import viewer_of
from tests.rules.conftest import run, scored

_EARNED = text(f"SELECT {rescoring.EARNED.format(since='CAST(:since AS timestamptz)')}")

_LONG_QUEUE = """
    SET session_replication_role = replica;
    INSERT INTO channel (id, kind, name, key, created_at) VALUES (1, 'telegram', 'Bot', 'long', now());
    INSERT INTO customer (id, created_at) SELECT n, now() FROM generate_series(1, 5000) n;
    INSERT INTO identity (id, customer_id, channel_id, external_id, lane, created_at)
      SELECT n, n, 1, n, n, now() FROM generate_series(1, 5000) n;
    INSERT INTO chat (id, customer_id, created_at) SELECT n, n, now() FROM generate_series(1, 5000) n;
    INSERT INTO episode (id, chat_id, number, direction, type, channel_id, identity_id, arrived_at)
      SELECT n, n, 1, 'in', 'new', 1, n, now() - interval '10 minutes' FROM generate_series(1, 5000) n;
    INSERT INTO standing (chat_id, episode_id, stage, identity_id, waits_since, last_at)
      SELECT n, n, 'queue', n, now() - interval '10 minutes', now() FROM generate_series(1, 5000) n;
    SET session_replication_role = DEFAULT;
    ANALYZE standing;
"""

curves = st.lists(
    st.tuples(st.integers(1, 500), st.integers(-300, 1000)), max_size=6, unique_by=lambda knot: knot[0]
).flatmap(lambda knots: st.integers(-50, 50).map(lambda first: ((0, first), *sorted(knots))))


@pytest.mark.clause("1.4", "5.1")
@pytest.mark.usefixtures("context")
@given(curve=curves, waited=st.integers(0, 40_000))
@hypothesis(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_curve_says_the_same_in_the_database_and_in_the_explanation(
    curve: tuple[tuple[int, int], ...], waited: int
) -> None:
    now = clock.now()
    values: dict[str, object] = {"now": now, "since": now - timedelta(seconds=waited)}
    values |= {"minutes": [knot[0] for knot in curve], "knots": [knot[1] for knot in curve]}
    assert db.session.scalar(_EARNED, values) == earned(curve, waited)


@pytest.mark.clause("1.4", "5.1")
def test_waiting_raises_a_chat_and_premium_stands_before_who_waits_a_little_longer(app: Flask, dilshod: Client) -> None:
    now = clock.now()
    long = dilshod.writes("Salom", now - timedelta(minutes=5))
    vip = Client("Malika", 4243).writes("Salom", now - timedelta(minutes=1))
    premium = run("SELECT id FROM segment WHERE names ->> 'ru' = 'Premium'")
    run(
        "UPDATE customer SET segment_id = :id WHERE id = (SELECT customer_id FROM chat WHERE id = :c)",
        id=premium,
        c=vip,
    )
    run("UPDATE standing SET points_version = 0")
    assert rescoring.rescore(now) == 2
    assert _scores() == {vip: 44, long: 25}
    assert rescoring.rescore(now + timedelta(minutes=9)) == 2
    assert _scores() == {vip: 100, long: 60}


def test_only_what_changed_is_written(app: Flask, dilshod: Client) -> None:
    now = clock.now()
    dilshod.writes("Salom", now)
    rescoring.rescore(now)
    assert rescoring.rescore(now + timedelta(seconds=29)) == 0
    assert rescoring.rescore(now + timedelta(seconds=61)) == 1


def test_a_changed_rule_counts_for_those_who_wait_already(app: Flask, dilshod: Client) -> None:
    now = clock.now()
    chat_id = dilshod.writes("Мою карту украли", now)
    rescoring.rescore(now)
    before = _scores()[chat_id]
    scored("Карты", 33, {"kind": "text", "value": ["karta"]})
    rescoring.rescore(now)
    assert _scores()[chat_id] == before + 33


def test_a_changed_card_of_the_client_counts_at_the_next_counting(app: Flask, dilshod: Client) -> None:
    now = clock.now()
    chat_id = dilshod.writes("Salom", now)
    rescoring.rescore(now)
    run("UPDATE customer SET vip = true, version = version + 1")
    rescoring.rescore(now)
    assert _scores()[chat_id] == 60


def test_a_chat_in_work_keeps_its_score(app: Flask, dilshod: Client, cast: object) -> None:
    now = clock.now()
    chat_id = dilshod.writes("Salom", now)
    aziza = cast.aziza.id  # type: ignore[attr-defined]
    run("UPDATE standing SET stage = 'work', owner_id = :id WHERE chat_id = :chat", id=aziza, chat=chat_id)
    assert rescoring.rescore(now + timedelta(minutes=30)) == 0


def _scores() -> dict[int, int]:
    rows = db.session.execute(text("SELECT chat_id, score FROM standing")).all()
    db.session.rollback()
    return {row.chat_id: row.score for row in rows}


@pytest.mark.clause("1.4")
def test_a_chat_that_somebody_is_changing_is_not_waited_for(
    app: Flask, dilshod: Client, superuser: "Connection[Any]"
) -> None:
    now = clock.now()
    chat_id = dilshod.writes("Salom", now)
    with superuser.transaction():
        superuser.execute("SELECT 1 FROM standing WHERE chat_id = %s FOR UPDATE", [chat_id])
        assert rescoring.rescore(now + timedelta(minutes=3)) == 0
    assert rescoring.rescore(now + timedelta(minutes=3)) == 1


@pytest.mark.own_database
@pytest.mark.clause("1.4", "15.3.3")
def test_a_long_queue_is_read_by_the_index_of_its_scores_and_counted_in_one_statement(
    app: Flask, dilshod: Client, superuser: "Connection[Any]", cast: Cast
) -> None:
    superuser.execute(_LONG_QUEUE)
    plan = db.session.execute(
        text(
            "EXPLAIN SELECT chat_id FROM standing s WHERE stage = 'queue' "
            "ORDER BY s.score DESC, s.waits_since NULLS LAST, s.last_at LIMIT 50"
        )
    ).scalars()
    assert "ix_standing_score" in "\n".join(plan)
    db.session.rollback()
    now = clock.now()
    assert rescoring.rescore(now) == 5000
    assert rescoring.rescore(now) == 0
    assert len(chat_list.queue(viewer_of(cast.botir))) == chat_list.WINDOW
