"""Short words of the system itself to a client, about a link and not about his question; the thread shows an event."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ParamSpec

from flask import current_app, has_request_context
from flask_babel import force_locale
from sqlalchemy import text

from app.actions import outgoing
from app.base import ids, wakeups
from app.base.later import later
from app.base.locale import read_tag
from app.channels import registry
from app.models.chat import Stage
from app.models.db import db, transaction
from app.queries.auto_replies import written
from app.queries.standing import Standing

P = ParamSpec("P")

_PLACE = text(
    "SELECT i.channel_id, h.kind, i.lane FROM identity i JOIN channel h ON h.id = i.channel_id WHERE i.id = :id"
)
_LANGUAGE = text("""
    SELECT k.language, i.language_hint FROM chat c JOIN customer k ON k.id = c.customer_id
      LEFT JOIN standing s ON s.chat_id = c.id LEFT JOIN identity i ON i.id = s.identity_id WHERE c.id = :chat_id
""")


def tell(identity_id: int, chat_id: int, now: datetime, words: Callable[[], str]) -> None:
    """Send it through the outbox. A hosted channel's page says such things by itself."""
    channel_id, kind, lane = db.session.execute(_PLACE, {"id": identity_id}).one()
    if registry.is_hosted(kind):
        return
    said = in_clients_language(chat_id, words)
    to = Standing(chat_id, 0, Stage.WORK, None, None, None, None, now, 0, identity_id, channel_id, kind, lane)
    with transaction() as tx:
        outgoing.queue(to, ids.uuid7(now), said, now)
        tx.after(later, wakeups.DRAIN_OUTBOX)


def in_clients_language(chat_id: int, words: Callable[P, str], *args: P.args, **kwargs: P.kwargs) -> str:
    """What the function says in the language of this chat's client."""
    # Outside a request Flask-Babel keeps the language on the application itself, which a worker's threads share.
    if not has_request_context():
        with current_app.test_request_context():
            return in_clients_language(chat_id, words, *args, **kwargs)
    with force_locale(_locale(chat_id)):
        return words(*args, **kwargs)


def _locale(chat_id: int) -> str:
    row: Any = db.session.execute(_LANGUAGE, {"chat_id": chat_id}).one_or_none()
    return written((row.language or read_tag(row.language_hint or "")) if row else None)
