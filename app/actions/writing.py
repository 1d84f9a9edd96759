"""The client of a carried channel sees that his operator writes; what shows it fades by itself within seconds."""

import threading

from flask import Flask, current_app
from sqlalchemy import text

from app.base import traces
from app.channels import registry
from app.models.db import db
from app.models.viewer import Viewer
from app.queries import channels

# A page tells it every three seconds, and several pages of one person tell the same.
_MOST_AT_ONCE = threading.BoundedSemaphore(20)
_WHERE = text("""
    SELECT i.channel_id, i.lane FROM standing s JOIN identity i ON i.id = s.identity_id
      JOIN channel h ON h.id = i.channel_id AND h.enabled
     WHERE s.chat_id = :chat_id AND s.owner_id = :person_id AND i.blocked_us_at IS NULL AND h.kind = ANY(:carried)
""")


def show(chat_id: int, by: Viewer) -> None:
    """Tell the channel, if this is the one who answers there. Nobody waits for it, and what fails is not repeated."""
    values = {"chat_id": chat_id, "person_id": by.person_id, "carried": list(registry.kinds())}
    found = db.session.execute(_WHERE, values).one_or_none()
    db.session.rollback()
    if found is None or not traces.first(f"writes:{chat_id}") or not _MOST_AT_ONCE.acquire(blocking=False):
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    threading.Thread(target=_tell, args=(app, found.channel_id, found.lane), daemon=True).start()


def _tell(app: Flask, channel_id: int, lane: str) -> None:
    try:
        with app.app_context():
            channel = channels.one(channel_id)
            account = channels.account_of(channel) if channel else None
            db.session.remove()  # no connection is held while the network answers
            if account is not None:
                registry.channel(account.kind).typing(account, lane)
    finally:
        _MOST_AT_ONCE.release()
