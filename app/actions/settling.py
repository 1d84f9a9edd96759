"""What became of a part that was given to its channel is written down, whatever else is away."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.actions import outgoing, sending, troubles
from app.actions.opening import mark_unreachable, move_lane
from app.actions.record import record
from app.actions.sending import Part
from app.channels.contract import Account, Later, Moved, Never, Reason, Result, Sent, Unknown
from app.live import push
from app.models.chat import Verb
from app.models.db import Transaction, db, retried, transaction

log = logging.getLogger(__name__)

# How long an answer's fate waits for a database that is away.
_AWAY_SECONDS = 30.0
_GIVE_UP = timedelta(hours=24)
_LONGEST_PAUSE = 300.0
# Nothing will reach him there until he comes back by himself.
_GONE = (Reason.BLOCKED, Reason.DEACTIVATED, Reason.KICKED)

_SETTLE = text("""
    UPDATE outbox SET state = :state, external_ids = :external_ids, reason = :reason, settled_at = :now
     WHERE id = :id AND state IN ('sending', 'uncertain')
""")
_STATE = text("SELECT state FROM outbox WHERE id = :id")
_LATER = text(
    "UPDATE outbox SET state = 'queued', next_at = :at, reason = :reason WHERE id = :id AND state = 'sending'"
)
_REST = text("""
    UPDATE outbox SET state = 'failed', reason = :reason, settled_at = :now
     WHERE message_id = :message_id AND state = 'queued'
""")
_STILL_THERE = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :chat_id RETURNING rev)
    UPDATE message SET withdrawn_at = CASE WHEN :verb <> 'delete' THEN withdrawn_at END, rev = bumped.rev
      FROM bumped WHERE message.id = :id AND message.kind = 'mine' RETURNING message.episode_id
""")


def settle(account: Account, part: Part, result: Result, now: Callable[[], datetime]) -> bool:
    """Write it down even when the database is away for a moment: a word that has arrived must not look uncertain.

    False: the lane rests.
    """
    deadline: float | None = None
    while True:
        try:
            return _write(account, part, result, now())
        except OperationalError:  # the first try may itself have waited long for a connection that had gone silent
            deadline = deadline or time.monotonic() + _AWAY_SECONDS
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@retried
def _write(account: Account, part: Part, result: Result, now: datetime) -> bool:
    with transaction() as tx:
        goes_on = _mark_by(account, part, result, now)
        if part.verb in ("edit", "delete") and db.session.scalar(_STATE, {"id": part.id}) == "failed":
            _unchanged(tx, part, now)
        outgoing.summarise(part.message_id, part.chat_id)
        if isinstance(result, Never) and result.reason in _GONE and mark_unreachable(part.identity_id, now):
            tx.after(push.card_changed, part.chat_id)
        if isinstance(result, Never) and result.whole_account:
            troubles.note(tx, account.id, result.reason.value, now)
        tx.after(push.message_changed, part.chat_id, part.message_id)
        if not isinstance(result, Sent | Later):
            tx.after(push.row_changed, part.chat_id)
    return goes_on


def _mark_by(account: Account, part: Part, result: Result, now: datetime) -> bool:
    match result:
        case Sent(external_ids):
            _mark(part, "sent", now, external_ids=list(external_ids))
            outgoing.forget_codes(part.id, part.content)
        case Unknown(why):
            log.warning("part %s: it is not known whether it was sent: %s", part.id, why)
            _mark(part, "uncertain", now, reason="unknown")
        case Moved(new_lane):
            move_lane(part.identity_id, new_lane)
            db.session.execute(
                text("UPDATE outbox SET lane = :lane, state = 'queued' WHERE id = :id"),
                {"lane": new_lane, "id": part.id},
            )
            return False
        case Never(reason):
            _fail(part, reason.value, now)
        case Later(seconds, whole_account, why):
            return _postpone(account, part, seconds, whole_account, why, now)
    return True


def _unchanged(tx: Transaction, part: Part, now: datetime) -> None:
    """The client still sees the word as it was, and the operator must know: Telegram deletes nothing after two days."""
    values = {"id": part.message_id, "chat_id": part.chat_id, "verb": part.verb}
    episode_id = db.session.scalar(_STILL_THERE, values)
    if episode_id is not None:
        record(tx, part.chat_id, episode_id, Verb.UNCHANGED, None, now, what=part.verb)


def _postpone(account: Account, part: Part, seconds: float, whole: bool, why: str, now: datetime) -> bool:
    """The lane rests; after a day of trying the operator is told."""
    if now - part.queued_at > _GIVE_UP:
        _fail(part, "expired", now)
        return True
    pause = max(seconds, min(_LONGEST_PAUSE, 2.0 ** min(part.tries, 9) / 2))
    if whole:
        sending.pause(account, pause)
    db.session.execute(_LATER, {"at": now + timedelta(seconds=pause), "reason": why[:200], "id": part.id})
    return False


def _fail(part: Part, reason: str, now: datetime) -> None:
    """The rest of its message goes no further: half a word is none, and is sent again as a whole."""
    _mark(part, "failed", now, reason=reason)
    db.session.execute(_REST, {"message_id": part.message_id, "reason": reason, "now": now})


def _mark(part: Part, state: str, now: datetime, *, reason: str = "", external_ids: Any = ()) -> None:
    values = {"id": part.id, "state": state, "reason": reason, "external_ids": list(external_ids), "now": now}
    db.session.execute(_SETTLE, values)
