"""A client who writes to the bank's bot: updates are accepted and taken as a worker does it, without any network."""

from itertools import count

from flask import Flask
from sqlalchemy import text

from app.actions import intake
from app.base import clock, ids
from app.channels.contract import Raw
from app.models.channel import Channel
from app.models.db import db, transaction
from tests.desk.clients import take_all

_numbers = count(50_000)


class Client:
    """Dilshod, or somebody else, at the other end of a Telegram bot."""

    def __init__(self, app: Flask, name: str = "Dilshod") -> None:
        self._app, self.name = app, name
        self.number = next(_numbers)
        with app.app_context():
            self._channel_id = _bot()

    def says(self, words: str) -> int:
        """Write, and be taken at once; the id of the chat it stands in."""
        self.writes(words)
        with self._app.app_context():
            take_all(clock.now())
            db.session.remove()
        return self.chat_id

    def writes(self, words: str) -> None:
        """Write, and leave it to whoever is rung."""
        with self._app.app_context():
            self._arrives(words)
            db.session.remove()

    @property
    def chat_id(self) -> int:
        asked = text("SELECT c.id FROM chat c JOIN identity i USING (customer_id) WHERE i.external_id = :number")
        with self._app.app_context():
            found = db.session.execute(asked, {"number": str(self.number)}).scalar_one()
            db.session.remove()
        return int(found)

    def _arrives(self, words: str) -> None:
        number = next(_numbers)
        person = {"id": self.number, "is_bot": False, "first_name": self.name, "language_code": "ru"}
        about = {"message_id": number, "chat": {"id": self.number, "type": "private"}, "text": words, "from": person}
        update = {"update_id": number, "message": {**about, "date": int(clock.now().timestamp())}}
        intake.accept(self._channel_id, "telegram", [Raw(str(number), update)], clock.now())


def _bot() -> int:
    """The bank's one bot. It is switched off, so that no worker calls Telegram."""
    found = db.session.execute(text("SELECT id FROM channel LIMIT 1")).scalar()
    if found is None:
        with transaction():
            channel = Channel(kind="telegram", name="Bank bot", key=ids.uuid7(clock.now()).hex, created_at=clock.now())
            channel.enabled = False
            db.session.add(channel)
            db.session.flush()
            found = channel.id
    return int(found)
