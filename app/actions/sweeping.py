"""Mend what cannot be, each minute, and say what was mended: no client is forgotten (clause 7.5)."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import text

from app.actions import dispatch, routing, widening
from app.actions.record import record
from app.actions.tracing import trace
from app.base import ids
from app.live import push
from app.models.chat import Verb
from app.models.db import Transaction, db, retried, transaction
from app.models.dispatch import Told
from app.queries import impossible
from app.queries.impossible import Flaw, Found
from app.queries.standing import locked

log = logging.getLogger(__name__)

_KEPT = timedelta(days=30)
_AT_ONCE = 5000

_STAND = text("""
    INSERT INTO standing (chat_id, episode_id, stage, identity_id, waits_since, last_id, last_at)
    SELECT e.chat_id, e.id, 'queue', e.identity_id,
           CASE WHEN m.kind IS NULL OR m.kind = 'client' THEN coalesce(m.received_at, e.arrived_at) END, m.id,
           coalesce(m.at, e.arrived_at)
      FROM episode e LEFT JOIN LATERAL (
             SELECT id, kind, at, received_at FROM message
              WHERE chat_id = e.chat_id AND episode_id = e.id AND kind <> 'note' ORDER BY at DESC, id DESC LIMIT 1) m
             ON true
     WHERE e.id = :episode_id AND e.closed_at IS NULL ON CONFLICT DO NOTHING
""")
_LEAVE = text("DELETE FROM standing WHERE chat_id = :chat_id AND episode_id = :episode_id")
_END = text("UPDATE assignment SET ended_at = :now WHERE episode_id = :episode_id AND ended_at IS NULL")
_BEGIN = text("""
    INSERT INTO assignment (episode_id, person_id, began_at, how)
    SELECT episode_id, owner_id, :now, 'repaired' FROM standing WHERE chat_id = :chat_id AND owner_id IS NOT NULL
""")
_WITHDRAW = text("""
    UPDATE standing SET offered_to = NULL, offered_until = NULL, offered_how = NULL WHERE chat_id = :chat_id
""")
_FORGET = text(f"""
    DELETE FROM routing_trace WHERE id IN (SELECT id FROM routing_trace WHERE id < :before LIMIT {_AT_ONCE})
""")  # noqa: S608 - a number of ours


def sweep(now: datetime) -> int:
    """Mend every chat in a state that cannot be; how many were mended. Traces older than 30 days go."""
    mended = sum(_mend(one, now) for one in impossible.found(now))
    if mended:
        log.warning("%s chats were mended; the board of the queue names them", mended)
    widening.alarm(now)
    _forget(now)
    return mended


@retried
def _mend(one: Found, now: datetime) -> bool:
    with transaction() as tx:
        standing = locked(one.chat_id)
        if one not in impossible.found(now, one.chat_id):  # somebody was quicker
            return False
        of = standing.owner_id if standing else None
        match one.flaw:
            case Flaw.OWNER_AWAY | Flaw.OWNER_BLOCKED:
                _back(tx, one, now)
            case Flaw.OFFERED_AWAY:
                db.session.execute(_WITHDRAW, {"chat_id": one.chat_id})
            case Flaw.NOT_PLACED:
                dispatch.place(tx, one.chat_id, "", now)
            case Flaw.NO_STANDING:
                _stand(tx, one, now)
            case Flaw.CLOSED:
                _leave(tx, one, now)
            case Flaw.ASSIGNMENT | Flaw.LEFT_OPEN:
                _assign(one, now)
        trace(one.chat_id, one.episode_id, Told.REPAIRED, of, now, flaw=one.flaw.value)
    return True


def _back(tx: Transaction, one: Found, now: datetime) -> None:
    standing = locked(one.chat_id)
    if standing is None or standing.owner_id is None:
        return
    why = "blocked" if one.flaw is Flaw.OWNER_BLOCKED else "lost"
    routing.to_queue(tx, standing, None, now, refused=[standing.owner_id])
    record(tx, one.chat_id, one.episode_id, Verb.RETURNED, None, now, why=why, of=standing.owner_id)


def _stand(tx: Transaction, one: Found, now: datetime) -> None:
    values = {"episode_id": one.episode_id, "now": now}
    db.session.execute(_END, values)
    db.session.execute(_STAND, values)
    dispatch.place(tx, one.chat_id, "", now)
    tx.after(push.chat_moved, one.chat_id, None)


def _leave(tx: Transaction, one: Found, now: datetime) -> None:
    standing = locked(one.chat_id)
    values = {"chat_id": one.chat_id, "episode_id": one.episode_id, "now": now}
    db.session.execute(_END, values)
    db.session.execute(_LEAVE, values)
    if standing is not None:
        tx.after(push.chat_moved, one.chat_id, standing.place)


def _assign(one: Found, now: datetime) -> None:
    values = {"chat_id": one.chat_id, "episode_id": one.episode_id, "now": now}
    db.session.execute(_END, values)
    if one.flaw is Flaw.ASSIGNMENT:
        db.session.execute(_BEGIN, values)


def _forget(now: datetime) -> None:
    with transaction():
        db.session.execute(_FORGET, {"before": ids.uuid7(now - _KEPT)})
