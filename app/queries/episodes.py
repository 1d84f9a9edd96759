"""One episode of a chat by its number. Whoever asks has come through `visible.chat`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.models.db import db

_ONE = text("SELECT id, number, closed_at, outcome FROM episode WHERE chat_id = :chat_id AND number = :number")


@dataclass(frozen=True)
class Episode:
    id: int
    number: int
    closed_at: datetime | None
    outcome: str | None


def one(chat_id: int, number: int) -> Episode | None:
    row = db.session.execute(_ONE, {"chat_id": chat_id, "number": number}).one_or_none()
    return None if row is None else Episode(*row)
