"""A channel stops working: it is said on the page of channels, and whoever manages channels is told (clause 1.1)."""

import logging
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import notices
from app.channels.contract import Reason
from app.models.channel import MANAGE
from app.models.db import Transaction, db
from app.models.notice import declare
from app.queries import people_of

log = logging.getLogger(__name__)

STOPPED = declare(
    "channel.stopped",
    _l("The channel “%(name)s” does not work: its clients are not heard, or not answered. See what it needs."),
    _l("A channel does not work"),
)
# What passes by itself, like a network that is away, calls nobody.
_NEEDS_SOMEBODY = (Reason.TOKEN, Reason.CONFLICT, Reason.ADDRESS)
_ONCE_IN = timedelta(hours=6)

_TROUBLE = text("""
    UPDATE channel SET trouble = :why, troubled_at = :now WHERE id = :id AND trouble <> :why RETURNING name
""")
_TOLD = text("SELECT EXISTS (SELECT 1 FROM notice WHERE kind = :kind AND link = :link AND at > :since)")


def note(tx: Transaction, channel_id: int, why: str, now: datetime) -> None:
    """Keep why it does not work, as long as it does not: a new reason is logged, and told once in six hours."""
    name = db.session.scalar(_TROUBLE, {"why": why, "now": now, "id": channel_id})
    if name is None:
        return
    log.error("channel %s does not work: %s", channel_id, why)
    link = f"/office/channels/{channel_id}"
    told = db.session.scalar(_TOLD, {"kind": STOPPED.code, "link": link, "since": now - _ONCE_IN})
    if why in _NEEDS_SOMEBODY and not told:
        notices.tell(tx, people_of.permission(MANAGE), STOPPED, now, link=link, important=True, name=name)
