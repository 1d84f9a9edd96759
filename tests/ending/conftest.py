"""A bank with one Telegram bot whose clock the test holds, and clients who write, press buttons and fall silent."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.actions import asking, channels, closing, delivery, idling, intake, reply, routing
from app.actions.journal import HERE
from app.base import clock, crypt
from app.channels.contract import Raw
from app.models.chat import Outcome
from app.models.db import db, transaction
from app.models.viewer import SYSTEM, Viewer
from app.queries import settings
from tests.cast import Cast
from tests.peers import Peer
from tests.road.conftest import DILSHOD, message, telegram, telegram_server, viewer_of

__all__ = ["telegram", "telegram_server"]
_presses = count(500_000)


class Desk:
    """One bot and one operator. `at` is the moment of everything; `later` moves it."""

    def __init__(self, channel_id: int, kind: str, telegram: Peer, aziza: Viewer) -> None:
        self.channel_id, self.kind, self.telegram, self.aziza = channel_id, kind, telegram, aziza
        self.at = clock.now()

    def later(self, **span: float) -> None:
        self.at += timedelta(**span)

    def hears(self, *updates: dict[str, Any]) -> None:
        intake.accept(self.channel_id, self.kind, [Raw(str(one["update_id"]), one) for one in updates], self.at)
        intake.take(self.at)

    def client_says(self, words: str = "Salom", **more: Any) -> None:
        self.later(seconds=1)
        self.hears(message(words, at=self.at.timestamp(), **more))

    def takes(self) -> None:
        self.later(seconds=1)
        routing.take(self.chat_id, self.aziza, self.at)

    def takes_again(self) -> None:
        """After a resumed chat: it may already be hers."""
        if self.one("SELECT owner_id FROM standing WHERE chat_id = :id", id=self.chat_id) is None:
            self.takes()

    def says(self, words: str = "Yordam beraman") -> None:
        self.later(seconds=1)
        reply.say(self.chat_id, words, self.aziza, self.at)

    def closes(self, outcome: Outcome = Outcome.SOLVED) -> None:
        self.later(seconds=1)
        closing.finish(self.chat_id, outcome, [], "", self.aziza, self.at)

    def asks(self) -> int:
        """The job that follows every closing."""
        return asking.ask(self.at)

    def idles(self) -> int:
        """The job that closes what is silent."""
        return idling.close(self.at)

    def delivers(self) -> None:
        db.session.execute(text("UPDATE outbox SET next_at = now() - interval '1 second' WHERE state = 'queued'"))
        db.session.commit()
        delivery.drain(clock.now)

    def served(self) -> None:
        """Dilshod wrote, Aziza answered and closed, he was asked."""
        self.client_says()
        self.takes()
        self.says()
        self.closes()
        self.asks()

    def presses(self, data: str, *, of: int = DILSHOD, press: int | None = None) -> None:
        self.later(seconds=1)
        press = press or next(_presses)
        person = {"id": of, "is_bot": False, "first_name": "Dilshod", "language_code": "uz"}
        under = {"message_id": 9, "date": int(self.at.timestamp()), "chat": {"id": of, "type": "private"}}
        query = {"id": str(press), "from": person, "message": under, "chat_instance": "1", "data": data}
        self.hears({"update_id": press, "callback_query": query})

    @property
    def chat_id(self) -> int:
        return int(self.one("SELECT min(id) FROM chat"))

    @property
    def rating_id(self) -> int:
        return int(self.one("SELECT max(id) FROM rating"))

    def one(self, statement: str, **values: Any) -> Any:
        found = db.session.execute(text(statement), values).scalar()
        db.session.rollback()
        return found

    def change(self, statement: str, **values: Any) -> None:
        """What no verb does by itself here."""
        with transaction():
            db.session.execute(text(statement), values)

    def said(self, kind: str = "bot") -> list[str]:
        """What stands in the thread, in the order shown."""
        rows = db.session.execute(text("SELECT id, text FROM message WHERE kind = :k ORDER BY at, id"), {"k": kind})
        return [crypt.open_sealed(row.text, ("message.text", row.id)) for row in rows]

    def sent(self) -> list[str]:
        return [one["params"]["text"] for one in self.telegram.calls("sendMessage") if one["status"] == 200]

    def answered(self) -> list[str]:
        """Notices of answered presses."""
        return [one["params"].get("text") or "" for one in self.telegram.calls("answerCallbackQuery")]

    def buttons(self, method: str = "sendMessage") -> list[str]:
        """Labels under the last message."""
        markup = self.telegram.calls(method)[-1]["params"].get("reply_markup") or {}
        markup = markup if isinstance(markup, dict) else __import__("json").loads(markup)
        return [one["text"] for row in markup.get("inline_keyboard", []) for one in row]


@pytest.fixture
def desk(app: Flask, context: None, telegram: Peer, cast: Cast, speaking: None) -> Desk:
    wish = channels.Wish("Bank bot", telegram.token, telegram.url)
    channel = channels.connect("telegram", wish, SYSTEM, HERE, clock.now())
    return Desk(channel.id, channel.kind, telegram, viewer_of(cast.aziza))


@pytest.fixture
def speaking(app: Flask) -> Iterator[None]:
    """The desk says what it says by itself; elsewhere in the tests it is silent."""
    with app.app_context():
        _switch("NULL")
    yield
    with app.app_context():
        _switch("now()")


def _switch(archived: str) -> None:
    with transaction():
        db.session.execute(text(f"UPDATE auto_reply SET archived_at = {archived}"))


def setting(key: str, value: object) -> None:
    """As an administrator would have set it."""
    from app.models.setting import SettingRow

    with transaction():
        db.session.merge(SettingRow(key=key, value=value, changed_at=clock.now(), changed_by=None))
        db.session.execute(text("UPDATE setting_version SET number = number + 1"))
    settings.forget()


def tashkent(*moment: int) -> datetime:
    """A moment as the bank's clocks show it."""
    return datetime(*moment, tzinfo=clock.TASHKENT)  # type: ignore[arg-type,misc]
