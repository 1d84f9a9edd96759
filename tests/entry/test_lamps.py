"""/healthz, /readyz and /metrics (clause 7.3)."""

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql

from app.base import later, redis
from app.models.db import db
from tests.cluster import Database

pytestmark = pytest.mark.clause("7.3")


def test_the_process_answers(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok"


def test_a_desk_with_everything_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    found = answer.get_json()
    assert found["ready"] is True
    assert (found["database"], found["redis"]) == ("ok", "ok")


def test_without_redis_work_is_still_taken(client: FlaskClient, dead_redis: None) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["redis"]) == (200, "unreachable")


def test_without_the_database_no_work_is_taken(client: FlaskClient, closed_database: None) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert (answer.get_json()["ready"], answer.get_json()["database"]) == (False, "unreachable")
    assert client.get("/healthz").status_code == 200


def test_what_is_wrong_is_told_without_addresses_or_passwords(client: FlaskClient, closed_database: None) -> None:
    text = client.get("/readyz").text
    assert "muloqot_app" not in text
    assert "postgres" not in text


def test_the_counters_are_for_prometheus(client: FlaskClient) -> None:
    page = client.get("/metrics").text
    assert 'muloqot_lamp{part="database"} 1.0' in page
    assert "muloqot_disk_free_bytes" in page


def test_the_counters_are_not_for_strangers(client: FlaskClient) -> None:
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 403


def test_a_stranger_does_not_become_near_by_saying_so(client: FlaskClient) -> None:
    answer = client.get(
        "/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}, headers={"X-Forwarded-For": "127.0.0.1"}
    )
    assert answer.status_code == 403


def test_a_queue_whose_worker_says_nothing_is_missing_from_those_that_are_served(client: FlaskClient) -> None:
    for name in ("hot", "send", "poll", "slow"):
        assert 'muloqot_lamp{part="workers"} 0.0' in client.get("/metrics").text
        later.serve(name)
    assert 'muloqot_lamp{part="workers"} 1.0' in client.get("/metrics").text
    assert client.get("/readyz").get_json()["workers"] == ["hot", "poll", "send", "slow"]


@pytest.fixture
def dead_redis(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis, "_client", redis.client_for("unix:///nowhere/redis.sock?db=0"))


@pytest.fixture
def closed_database(app: Flask, database: Database) -> Iterator[None]:
    """Nobody is let into the database, as when it is being restored."""
    name = sql.Identifier(database.name)
    with psycopg.connect(database.cluster, autocommit=True) as cluster:
        cluster.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        cluster.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database.name])
        yield
        cluster.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))
    with app.app_context():
        db.engine.dispose()
