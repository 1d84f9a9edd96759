"""Webhooks: only the provider is believed, and 200 means stored for good."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from psycopg import Connection, sql

from app.base import wakeups
from app.base.later import Wakeup, queue
from app.channels.telegram.poll import SECRET_HEADER
from app.models.db import db
from app.queries import channels
from tests.road.conftest import Bank, message

pytestmark = pytest.mark.clause("1.1")


def test_a_proved_update_is_stored_before_it_is_acknowledged(
    bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]]
) -> None:
    address, headers = hook
    answer = client.post(address, json=message("Salom"), headers=headers)

    assert answer.status_code == 200
    assert bank.one("SELECT count(*) FROM inbox") == 1
    bank.take()
    assert bank.said() == ["Salom"]


def test_a_wrong_secret_and_a_wrong_address_answer_alike(
    bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]]
) -> None:
    address, headers = hook
    wrong = client.post(address, json=message(), headers={SECRET_HEADER: "guess"})
    strange = client.post("/hooks/telegram/nowhere", json=message(), headers=headers)

    assert wrong.status_code == strange.status_code == 404
    assert wrong.data == strange.data
    assert bank.one("SELECT count(*) FROM inbox") == 0


def test_a_body_that_is_no_update_is_accepted_and_stores_nothing(
    bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]]
) -> None:
    """Another answer would make the provider send it again and again."""
    address, headers = hook
    assert client.post(address, data=b"\x00not json", headers=headers).status_code == 200
    assert bank.one("SELECT count(*) FROM inbox") == 0


def test_a_switched_off_channel_hears_nothing(
    bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]]
) -> None:
    address, headers = hook
    channel = channels.one(bank.channel_id)
    assert channel is not None
    channel.enabled = False
    db.session.commit()

    assert client.post(address, json=message(), headers=headers).status_code == 404


def test_an_accepted_update_rings_the_drain_once(
    bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]]
) -> None:
    address, headers = hook
    for _ in range(3):
        client.post(address, json=message(), headers=headers)

    until(lambda: queue(wakeups.DRAIN_INBOX.queue).count)
    client.post(address, json=message(), headers=headers)
    assert queue(wakeups.DRAIN_INBOX.queue).count == 1


def test_a_delivery_does_not_wait_for_the_alarm_clock(
    bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis stands still in the middle of a ring; what is asked for meanwhile is rung for when it goes on."""
    address, headers = hook
    stands, goes_on, rung = threading.Event(), threading.Event(), []

    def ring(wakeup: Wakeup) -> None:
        rung.append(wakeup)
        stands.set()
        assert goes_on.wait(30)

    monkeypatch.setattr("app.base.later.later", ring)
    assert client.post(address, json=message(), headers=headers).status_code == 200
    assert stands.wait(30)
    for _ in range(3):
        assert client.post(address, json=message(), headers=headers).status_code == 200
    assert bank.one("SELECT count(*) FROM inbox") == 4

    goes_on.set()
    until(lambda: len(rung) == 2)


def test_what_is_no_delivery_is_told_apart(bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]]) -> None:
    address, headers = hook
    assert client.get(address).status_code == 405
    assert client.post("/hooks/telegram/a%00b", json=message(), headers=headers).status_code == 404
    assert client.post("/hooks/telegram", json=message(), headers=headers).status_code == 404
    assert client.post(address, data=b" " * 2**20 + b"{}", headers=headers).status_code == 413
    assert bank.one("SELECT count(*) FROM inbox") == 0


def test_a_delivery_survives_the_end_of_the_connection_that_stores(
    bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]], superuser: "Connection[Any]"
) -> None:
    """The connection is kept from one delivery to the next; the server may end it at any time."""
    address, headers = hook
    assert client.post(address, json=message("Salom"), headers=headers).status_code == 200
    ended = superuser.execute(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE '%INSERT INTO inbox%'"
        " AND datname = current_database() AND pid <> pg_backend_pid()"
    ).fetchone()
    assert ended is not None and ended[0] >= 1
    assert client.post(address, json=message("Yana men"), headers=headers).status_code == 200
    assert bank.one("SELECT count(*) FROM inbox") == 2


def test_while_the_database_is_away_the_provider_is_asked_to_come_again(
    bank: Bank, client: FlaskClient, hook: tuple[str, dict[str, str]], superuser: "Connection[Any]"
) -> None:
    address, headers = hook
    with away(superuser):
        answer = client.post(address, json=message(), headers=headers)
        assert (answer.status_code, answer.data) == (503, b"503")
    assert client.post(address, json=message(), headers=headers).status_code == 200
    assert bank.one("SELECT count(*) FROM inbox") == 1


@contextmanager
def away(superuser: "Connection[Any]") -> Iterator[None]:
    """The database lets the application in no more, and puts it out."""
    name = sql.Identifier(superuser.info.dbname)
    superuser.execute(sql.SQL("ALTER DATABASE {} CONNECTION LIMIT 0").format(name))
    try:
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        yield
    finally:
        superuser.execute(sql.SQL("ALTER DATABASE {} CONNECTION LIMIT -1").format(name))


def until(happened: Callable[[], object]) -> None:
    """The ring goes its own way: it comes, and when is not asked here."""
    for _ in range(3000):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("it did not ring")
