"""The client presses "Continue the chat": it opens again without a word, and an operator asks what is left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import text

from app.actions import dispatch, opening, resuming
from app.models.db import db, retried, transaction
from app.queries.standing import locked

Went = Literal["open", "resumed", "over"]

_HOME = text("SELECT customer_id, channel_id FROM identity WHERE id = :id")
_WAITS = text("UPDATE standing SET waits_since = coalesce(waits_since, :now) WHERE chat_id = :chat_id")


@dataclass(frozen=True)
class _Press:
    channel_id: int
    received_at: datetime


@retried
def go_on(chat_id: int, identity_id: int, now: datetime) -> Went:
    """`open`: it was open already; `over`: too late, the client's next word begins a new request."""
    with transaction() as tx:
        if locked(chat_id) is not None:
            return "open"
        whose = db.session.execute(_HOME, {"id": identity_id}).one()
        home = opening.Home(whose.customer_id, identity_id, chat_id, None)
        again = resuming.resumed(home, _Press(whose.channel_id, now), tx, now, now, asked=True)
        if again is None:
            return "over"
        db.session.execute(_WAITS, {"chat_id": chat_id, "now": now})
        if not again.taken:
            dispatch.place(tx, chat_id, "", now)
    return "resumed"
