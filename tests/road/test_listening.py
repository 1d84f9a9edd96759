"""Who listens to a bot: one at a time, and what the page of channels says of it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask
from psycopg import Connection
from sqlalchemy import text

from app.actions import channels, intake, listening
from app.actions.journal import HERE
from app.base import clock
from app.channels.contract import Account, Batch, Sent
from app.channels.telegram import door
from app.models.db import db, transaction
from app.models.viewer import SYSTEM
from app.queries import channels as known
from tests.cast import Cast
from tests.peers import Peer
from tests.road.conftest import Bank, message

pytestmark = pytest.mark.clause("1.1")


@pytest.fixture
def account(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Its polls are short."""
    monkeypatch.setattr(listening, "_POLL_SECONDS", 0.2)
    monkeypatch.setattr(listening, "_TROUBLED_SECONDS", 0.2)
    (found,) = known.polled()
    db.session.rollback()
    return found


@contextmanager
def listened(app: Flask, account: Account) -> Iterator[threading.Thread]:
    """Somebody listens until the channel is switched off."""
    thread = threading.Thread(target=listening._listen_to, args=(app, account, clock.now), daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        _switch(account, False)
        thread.join(30)
        _switch(account, True)


def _switch(account: Account, enabled: bool) -> None:
    with transaction():
        db.session.execute(text("UPDATE channel SET enabled = :on WHERE id = :id"), {"on": enabled, "id": account.id})


def _until(found: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _pushed(telegram: Peer, words: str) -> None:
    telegram.push(message=message(words)["message"])


def _stored(bank: Bank) -> int:
    found = int(bank.one("SELECT count(*) FROM inbox"))
    db.session.rollback()
    return found


def test_trouble_ends_with_the_first_answer_though_nobody_writes(bank: Bank, app: Flask, account: Account) -> None:
    with transaction():
        db.session.execute(text("UPDATE channel SET trouble = 'unreachable', troubled_at = now()"))

    def well() -> bool:
        found = bank.one("SELECT trouble FROM channel") == ""
        db.session.rollback()
        return bool(found)

    with listened(app, account):
        _until(well)


def test_a_revoked_token_is_told_to_whoever_manages_channels_once(
    bank: Bank, app: Flask, telegram: Peer, account: Account, cast: Cast
) -> None:
    told = "SELECT count(*) FROM notice WHERE kind = 'channel.stopped' AND person_id = :id AND important"
    kamola, aziza = cast.kamola, cast.aziza

    def heard_of() -> bool:
        found = bank.one(told, id=kamola.id) == 1
        db.session.rollback()
        return bool(found)

    telegram.fail(method="getupdates", status=401, description="Unauthorized", times=2)
    with listened(app, account):
        _until(heard_of)
        _until(lambda: not telegram.server.faults)
    assert heard_of()
    assert bank.one(told, id=aziza.id) == 0
    assert "Bank bot" in kamola.browser.get("/me/notifications").text


def test_whoever_has_lost_the_lock_listens_no_more(
    bank: Bank, app: Flask, telegram: Peer, account: Account, superuser: "Connection[Any]"
) -> None:
    with listened(app, account) as thread:
        _pushed(telegram, "1")
        _until(lambda: _stored(bank) == 1)
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE classid = 7005"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        thread.join(30)
        assert not thread.is_alive()
    with listened(app, account):
        _pushed(telegram, "2")
        _until(lambda: _stored(bank) == 2)


def test_half_a_character_stops_nobody(bank: Bank) -> None:
    bank.receive(message("Salom\ud83d"), message("Ikkinchi", of=77))

    assert sorted(bank.said()) == ["Ikkinchi", "Salom"]
    assert bank.one("SELECT count(*) FROM inbox WHERE state = 'taken'") == 2
    bank.receive(message("kodim"), message("48\ud83d2913 kod 482913"))
    assert intake.take(clock.now()) == 0


def test_a_bot_that_called_somebody_else_until_now_is_listened_to(app: Flask, context: None, telegram: Peer) -> None:
    """A bank that comes from another desk: its bot still has that desk's webhook."""
    loopback = (ip_network("127.0.0.0/8"),)
    other = Account(0, "telegram", telegram.token, telegram.url, allow=loopback, webhook_url="http://127.0.0.1:9/")
    assert isinstance(door.set_webhook(other), Sent)
    _pushed(telegram, "Salom")
    channels.connect("telegram", channels.Wish("Bank bot", telegram.token, telegram.url), SYSTEM, HERE, clock.now())
    heard = door.poll(other, "", 0)

    assert isinstance(heard, Batch)
    assert len(heard.raws) == 1
