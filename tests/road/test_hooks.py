"""Webhooks: only the provider is believed, and 200 means stored for good."""

import pytest
from flask.testing import FlaskClient

from app.base import wakeups
from app.base.later import queue
from app.channels.telegram.poll import SECRET_HEADER
from app.models.db import db
from app.queries import channels
from tests.road.conftest import Bank, message

pytestmark = pytest.mark.clause("1.1")


@pytest.fixture
def hook(bank: Bank) -> tuple[str, dict[str, str]]:
    channel = channels.one(bank.channel_id)
    assert channel is not None and channel.secret
    address, headers = f"/hooks/telegram/{channel.key}", {SECRET_HEADER: channel.secret}
    db.session.commit()
    return address, headers


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

    assert queue(wakeups.DRAIN_INBOX.queue).count == 1
