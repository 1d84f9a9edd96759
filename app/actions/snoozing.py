"""Set a chat aside: its owner keeps it, and it comes back by itself."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import notices, reply
from app.actions.record import record
from app.base.refusal import Refusal
from app.live import push
from app.models.chat import Snooze, Verb
from app.models.db import db, retried, transaction
from app.models.notice import declare as declare_notice
from app.models.viewer import Viewer
from app.queries.standing import locked

DUE = declare_notice(
    "chat.snooze_due", _l("Chat № %(chat)s that you set aside is back"), _l("A chat set aside is back")
)


class NotInTheFuture(Refusal):
    notice = _l("Choose a moment in the future.")
    status = 422


_ASIDE = text("UPDATE standing SET snooze = :what, snoozed_until = :until WHERE chat_id = :chat_id")
_DUE = text("SELECT chat_id FROM standing WHERE snoozed_until <= :now ORDER BY snoozed_until LIMIT 200")


@retried
def snooze(chat_id: int, what: Snooze, until: datetime | None, by: Viewer, now: datetime, *, reason: str = "") -> None:
    """Set one's chat aside until a moment, until the client writes, or while the bank works on it.

    `reason`: a note for colleagues says it. Raises NothingOpen, NotTaken, NotYours, NotInTheFuture.
    """
    if what is not Snooze.CLIENT and (until is None or until <= now):
        raise NotInTheFuture
    with transaction() as tx:
        standing = locked(chat_id)
        if standing is None:
            raise reply.NothingOpen
        if standing.owner_id != by.person_id:
            raise reply.NotYours(name=standing.owner_name) if standing.owner_id else reply.NotTaken()
        if reason.strip():
            reply.note(chat_id, reason, by, now)
        moment = None if what is Snooze.CLIENT else until
        db.session.execute(_ASIDE, {"chat_id": chat_id, "what": what.value, "until": moment})
        record(tx, chat_id, standing.episode_id, Verb.SNOOZED, by.person_id, now, what=what.value)
        tx.after(push.row_changed, chat_id)


def wake(now: datetime) -> int:
    """Bring back what is due. Returns how many came back."""
    with transaction():
        due = list(db.session.scalars(_DUE, {"now": now}))
    return sum(_wake_one(chat_id, now, told=True) for chat_id in due)


@retried
def wake_now(chat_id: int, by: Viewer, now: datetime) -> None:
    """The owner takes it up again before its time."""
    with transaction():
        standing = locked(chat_id)
        if standing is not None and standing.owner_id == by.person_id:
            _wake_one(chat_id, now)


def _wake_one(chat_id: int, now: datetime, told: bool = False) -> bool:
    with transaction() as tx:
        standing = locked(chat_id)
        if standing is None:
            return False
        db.session.execute(_ASIDE, {"chat_id": chat_id, "what": None, "until": None})
        record(tx, chat_id, standing.episode_id, Verb.WOKEN, None, now)
        if told and standing.owner_id is not None:
            notices.tell(tx, [standing.owner_id], DUE, now, chat_id=chat_id)
        tx.after(push.row_changed, chat_id)
        return True
