"""Clients of the desk's tests: each writes through the real inbox, as Telegram would bring it."""

import re
import time
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.actions import intake
from app.base import clock
from app.channels.contract import Raw
from app.models.db import db, transaction

_updates = count(1)

_CHANNEL = text("""
    INSERT INTO channel (kind, name, key, created_at) VALUES ('telegram', 'Telegram', :key, :now)
    ON CONFLICT (key) DO UPDATE SET name = excluded.name RETURNING id
""")
_CHAT = text("""
    SELECT c.id FROM chat c JOIN identity i ON i.customer_id = c.customer_id
     WHERE i.channel_id = :channel_id AND i.external_id = :external_id
""")


@dataclass
class Client:
    """Someone who writes in Telegram. Needs an application context."""

    name: str = "Dilshod Aliyev"
    number: int = 4242
    channel_id: int = field(default=0)

    def writes(self, said: str = "", now: datetime | None = None, **content: Any) -> int:
        """One message, taken at once; the chat's id."""
        now, number = now or clock.now(), next(_updates)
        self.channel_id = self.channel_id or _channel(now)
        who = {"id": self.number, "is_bot": False, "first_name": self.name, "username": f"client{self.number}"}
        about = {"id": self.number, "type": "private", "first_name": self.name}
        if said:
            content["text"] = said
        message = {"message_id": number, "from": who, "chat": about, "date": int(now.timestamp()), **content}
        update = {"update_id": number, "message": message}
        intake.accept(self.channel_id, "telegram", [Raw(str(number), update)], now)
        take_all(now)
        return self.chat_id

    @property
    def chat_id(self) -> int:
        values = {"channel_id": self.channel_id, "external_id": str(self.number)}
        found = db.session.scalar(_CHAT, values)
        db.session.rollback()
        assert found is not None
        return int(found)


def take_all(now: datetime) -> None:
    """Take what has come; a worker beside the test may be at it already. What fails is said, not waited for."""
    intake.take(now)
    end = time.monotonic() + 30
    while errors := db.session.scalars(text("SELECT error FROM inbox WHERE state = 'new'")).all():
        db.session.rollback()
        assert not any(errors) and time.monotonic() < end, f"not taken: {errors}"
        time.sleep(0.01)
        intake.take(now)
    db.session.rollback()


def last_message(chat_id: int) -> UUID:
    """The id of the newest message of a chat."""
    found = db.session.scalar(
        text("SELECT id FROM message WHERE chat_id = :id ORDER BY at DESC, id DESC LIMIT 1"), {"id": chat_id}
    )
    db.session.rollback()
    assert isinstance(found, UUID)
    return found


def texts(heard: list[tuple[str, Any]]) -> str:
    """All that was pushed, as text."""
    return " ".join(data.get("html", "") for _, data in heard)


def bubble(html: str, message_id: object) -> str:
    """The article of one message."""
    found = re.search(rf'<article [^>]*id="m-{message_id}".*?</article>', html, re.DOTALL)
    assert found, f"no bubble of {message_id}"
    return found[0]


def _channel(now: datetime) -> int:
    with transaction():
        return int(db.session.execute(_CHANNEL, {"key": "desk-tests", "now": now}).scalar_one())
