"""Ask the client what he thinks, as soon as the chat is closed: once for each closing (clause 9.6)."""

import json
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import text

from app.actions import auto_replies, closures
from app.actions.speech import speaking
from app.channels import registry
from app.channels.contract import Button, Buttons
from app.models.db import Transaction, db, retried, transaction
from app.models.rating import ASK, HOURS, MOST_A_DAY, SCALE, callback
from app.queries import auto_replies as replies
from app.queries import ratings, settings
from app.queries.auto_replies import Addressee
from app.queries.standing import locked

# Closings of the last day that nobody has looked at yet: a job that was away for longer asks nobody any more.
_CLOSED = text("""
    SELECT e.chat_id, e.id FROM episode e
     WHERE e.closed_at > :since AND e.closed_at <= :now
       AND NOT EXISTS (SELECT 1 FROM closure c WHERE c.episode_id = e.id AND c.closed_at = e.closed_at)
     ORDER BY e.closed_at LIMIT 200
""")
# An operator has spoken since it was opened or last resumed.
_WORTH = text("""
    SELECT e.owner_id, e.group_id, e.outcome, p.public_name AS operator FROM episode e
      LEFT JOIN person p ON p.id = e.owner_id
     WHERE e.id = :episode_id AND e.closed_at IS NOT NULL AND EXISTS (
       SELECT 1 FROM message m WHERE m.chat_id = e.chat_id AND m.episode_id = e.id AND m.kind = 'mine'
          AND m.at > coalesce((SELECT max(c.resumed_at) FROM closure c WHERE c.episode_id = e.id), '-infinity'))
""")
_NEXT_ID = text("SELECT nextval(pg_get_serial_sequence('rating', 'id'))")
_KEEP = text("""
    INSERT INTO rating (id, closure_id, chat_id, episode_id, identity_id, channel_id, operator_id, group_id, language,
                        scale, how, message_id, asked_at, ends_at)
    VALUES (:id, :closure_id, :chat_id, :episode_id, :identity_id, :channel_id, :operator_id, :group_id, :language,
            :scale, :how, :message_id, :now, :ends_at)
""")


def ask(now: datetime) -> int:
    """Say the closing words and ask for a rating wherever a chat was closed. Returns how many were asked."""
    with transaction():
        values = {"since": now - timedelta(days=1), "now": now}
        due = [(row.chat_id, row.id) for row in db.session.execute(_CLOSED, values)]
    return sum(_ask_one(chat_id, episode_id, now) for chat_id, episode_id in due)


@retried
def _ask_one(chat_id: int, episode_id: int, now: datetime) -> bool:
    with transaction() as tx:
        locked(chat_id)
        closure_id = closures.keep(episode_id)
        to = replies.addressee(chat_id)
        # The client may have gone on, or begun anew, before we came.
        if closure_id is None or to is None or to.is_open or to.episode_id != episode_id:
            return False
        worth: Any = db.session.execute(_WORTH, {"episode_id": episode_id}).one_or_none()
        if worth is None or worth.outcome == "spam":
            return False
        auto_replies.say(tx, chat_id, "closing", now, occasion=str(closure_id), operator__name=worth.operator or "")
        return _wanted(to, now) and _put(tx, to, closure_id, worth, now)


def _wanted(to: Addressee, now: datetime) -> bool:
    most = int(settings.value(MOST_A_DAY))
    return bool(settings.value(ASK)) and to.reachable and (not most or ratings.asked_today(to.chat_id, now) < most)


def _put(tx: Transaction, to: Addressee, closure_id: int, worth: Any, now: datetime) -> bool:
    question = auto_replies.filled(to, "rating", {})
    if not question:
        return False
    fresh = replies.addressee(to.chat_id) or to
    rating_id, scale = int(db.session.scalar(_NEXT_ID) or 0), int(settings.value(SCALE))
    how = way(to.channel_kind)
    values = {
        "id": rating_id,
        "closure_id": closure_id,
        "chat_id": to.chat_id,
        "episode_id": to.episode_id,
        "identity_id": to.identity_id,
        "channel_id": to.channel_id,
        "operator_id": worth.owner_id,
        "group_id": worth.group_id,
        "language": to.language,
        "scale": scale,
        "how": how,
        "now": now,
        "ends_at": now + timedelta(hours=int(settings.value(HOURS))),
    }
    said = f"{question}\n{_address(rating_id, now)}" if how == "link" else question
    buttons = marks(rating_id, scale, to.language) if how == "buttons" else ()
    message_id = auto_replies.put(tx, fresh, said, now, buttons=buttons, shape=json.dumps({"rating": rating_id}))
    db.session.execute(_KEEP, {**values, "message_id": message_id})
    return True


def way(channel_kind: str) -> str:
    """How clients of this channel answer: by buttons, on a card of our own page, or by a link."""
    if registry.is_hosted(channel_kind):
        return "card"
    return "buttons" if registry.door(channel_kind).limits.buttons else "link"


def marks(rating_id: int, scale: int, language: str) -> Buttons:
    """Five marks in a row, and below them a way back into the chat."""
    row = [Button(str(mark), callback(rating_id, str(mark))) for mark in range(1, scale + 1)]
    rows = [tuple(row[start : start + 5]) for start in range(0, scale, 5)]
    return (*rows, (going_on(rating_id, language),))


def going_on(rating_id: int, language: str) -> Button:
    with speaking(language):
        return Button(_("Continue the chat"), callback(rating_id, "resume"))


def _address(rating_id: int, asked_at: datetime) -> str:
    return str(current_app.config["SETTINGS"].url).rstrip("/") + ratings.link(rating_id, asked_at)
