"""A bank with one Telegram bot, and clients who write to it."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.actions import channels, delivery, intake, routing
from app.actions.journal import HERE
from app.base import clock, crypt
from app.channels.contract import Raw
from app.channels.telegram.poll import SECRET_HEADER
from app.models.channel import Channel
from app.models.db import db
from app.models.viewer import SYSTEM, Viewer
from app.queries import channels as known
from app.queries import viewer as viewers
from tests.cast import Actor, Cast
from tests.peers import Peer, fake_telegram

DILSHOD = 4242
_updates = count(1000)


@pytest.fixture(scope="session")
def telegram_server() -> Iterator[Peer]:
    peer = fake_telegram()
    yield peer
    peer.stop()


@pytest.fixture
def telegram(telegram_server: Peer) -> Iterator[Peer]:
    """The provider; whatever we call must be right by its specification."""
    telegram_server.reset()
    telegram_server.chat(DILSHOD)
    yield telegram_server
    assert telegram_server.violations == []


class Bank:
    """One bot, and short words for what clients and workers do."""

    def __init__(self, channel: Channel) -> None:
        self.channel_id, self.kind = channel.id, channel.kind

    def hear(self, *updates: dict[str, Any]) -> None:
        """Updates arrive and are stored, but not yet taken."""
        raws = [Raw(str(update["update_id"]), update) for update in updates]
        intake.accept(self.channel_id, self.kind, raws, clock.now())

    def take(self) -> int:
        return intake.take(clock.now())

    def receive(self, *updates: dict[str, Any]) -> None:
        self.hear(*updates)
        self.take()

    def deliver(self) -> None:
        delivery.drain(clock.now)

    def said(self) -> list[str]:
        """All texts in all chats, in the order shown."""
        rows = db.session.execute(text("SELECT id, text FROM message ORDER BY chat_id, at, id"))
        return [crypt.open_sealed(row.text, ("message.text", row.id)) for row in rows]

    def states(self) -> list[str]:
        return list(db.session.scalars(text("SELECT state FROM message WHERE state IS NOT NULL ORDER BY at, id")))

    def chat_id(self) -> int:
        return int(db.session.execute(text("SELECT id FROM chat")).scalar_one())

    def one(self, statement: str, **values: Any) -> Any:
        return db.session.execute(text(statement), values).scalar()


@pytest.fixture
def bank(app: Flask, context: None, telegram: Peer) -> Bank:
    """Connected to the fake Telegram."""
    wish = channels.Wish("Bank bot", telegram.token, telegram.url)
    channel = channels.connect("telegram", wish, SYSTEM, HERE, clock.now())
    return Bank(channel)


@pytest.fixture
def hook(bank: Bank) -> tuple[str, dict[str, str]]:
    """The address that the provider calls, and the headers that prove it."""
    channel = known.one(bank.channel_id)
    assert channel is not None and channel.secret
    address, headers = f"/hooks/telegram/{channel.key}", {SECRET_HEADER: channel.secret}
    db.session.commit()
    return address, headers


@pytest.fixture
def aziza(bank: Bank, cast: Cast) -> Viewer:
    """She has taken Dilshod's chat."""
    bank.receive(message("Karta bloklandi"))
    viewer = viewer_of(cast.aziza)
    routing.take_next(viewer, clock.now())
    return viewer


def message(
    words: str = "Salom", *, of: int = DILSHOD, number: int | None = None, at: float | None = None, **more: Any
) -> dict[str, Any]:
    """One update of a client."""
    number = number or next(_updates)
    person = {"id": of, "is_bot": False, "first_name": "Dilshod", "language_code": "uz"}
    about = {"message_id": number, "date": int(at or clock.now().timestamp()), "chat": {"id": of, "type": "private"}}
    return {"update_id": number, "message": {**about, "from": person, "text": words, **more}}


def edited(original: dict[str, Any], words: str) -> dict[str, Any]:
    body = {**original["message"], "text": words, "edit_date": original["message"]["date"] + 5}
    return {"update_id": next(_updates), "edited_message": body}


def viewer_of(actor: Actor) -> Viewer:
    """The person as the guard would see him."""
    past = clock.now().replace(year=2020)
    found = viewers.of_session(actor.browser.token, idle_since=past, absolute_since=past)
    assert found is not None
    return found
