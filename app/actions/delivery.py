"""Send what is due: sixteen lanes at once, each strictly in order, never twice on a guess."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import Connection, text

from app.actions import outgoing
from app.actions.sending import Part, send
from app.actions.settling import settle
from app.channels.contract import Account, Later, Result, Unknown
from app.live import push
from app.models.db import db, holding, is_away, retried, transaction
from app.queries import channels

log = logging.getLogger(__name__)

LANES = 16
# How often a busy drain looks for new lanes; an idle one has ended and is woken.
_LOOK_SECONDS = 0.1
_LOCK = 7004

_CHANNELS = text("SELECT DISTINCT channel_id FROM outbox WHERE state IN ('queued', 'sending')")

# The first unfinished part decides for its lane: later ones wait behind it.
_DUE = text("""
    SELECT channel_id, lane FROM (
      SELECT DISTINCT ON (o.channel_id, o.lane) o.channel_id, o.lane, o.state, o.next_at
        FROM outbox o JOIN channel c ON c.id = o.channel_id AND c.enabled
       WHERE o.state IN ('queued', 'sending') ORDER BY o.channel_id, o.lane, o.id
    ) AS first WHERE state = 'queued' AND next_at <= :now
""")

_CLAIM = text("""
    UPDATE outbox SET state = 'sending', claimed_at = :now, tries = tries + 1
     WHERE id = (SELECT id FROM outbox WHERE channel_id = :channel_id AND lane = :lane
                    AND state IN ('queued', 'sending') ORDER BY id LIMIT 1)
       AND state = 'queued' AND next_at <= :now
    RETURNING id, message_id, chat_id, identity_id, verb, content, tries, queued_at
""")

# Whoever holds the channel's lock is its only sender, so what still says "sending" was cut off in the middle. To change
# a word or take it back twice does no harm.
_ORPHANS = text("""
    UPDATE outbox SET state = CASE WHEN verb = 'send' THEN 'uncertain' ELSE 'queued' END,
           reason = CASE WHEN verb = 'send' THEN 'interrupted' ELSE '' END,
           settled_at = CASE WHEN verb = 'send' THEN CAST(:now AS timestamptz) END
     WHERE channel_id = :channel_id AND state = 'sending' RETURNING message_id, chat_id
""")
# A worker drains when it is rung, and by itself while Redis is away: never both at once.
_draining = threading.Lock()


def drain(now: Callable[[], datetime]) -> None:
    """Send until nothing is due. Channels whose lock another process holds are left to it.

    Ends when its own locks are lost with their connection: by then another drain may hold them, and what is on its way
    here would be overtaken there.
    """
    with _draining, holding() as holder, ThreadPoolExecutor(LANES, "lane") as pool:
        over = threading.Event()
        try:
            _send_all(holder, pool, over, now)
        finally:
            over.set()


def _send_all(holder: Connection, pool: ThreadPoolExecutor, over: threading.Event, now: Callable[[], datetime]) -> None:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    held = {channel_id for channel_id in _unfinished() if _hold(holder, channel_id, now())}
    busy: dict[Future[None], tuple[int, str]] = {}
    while True:
        for channel_id, lane in sorted(_due(now()) - set(busy.values())):
            if channel_id in held or _hold(holder, channel_id, now()):
                held.add(channel_id)
                busy[pool.submit(_send_lane, app, channel_id, lane, now, over)] = (channel_id, lane)
        if not busy:
            return
        finished, _ = wait(busy, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
        for future in finished:
            del busy[future]
        holder.scalar(text("SELECT 1"))  # still there, and with it our locks
        holder.commit()


def _due(now: datetime) -> set[tuple[int, str]]:
    with transaction():
        return {(row.channel_id, row.lane) for row in db.session.execute(_DUE, {"now": now})}


def _unfinished() -> list[int]:
    with transaction():
        return list(db.session.scalars(_CHANNELS))


def _hold(holder: Connection, channel_id: int, now: datetime) -> bool:
    """Become the channel's only sender; the lock lives as long as this drain's connection."""
    lock = text("SELECT pg_try_advisory_lock(:lock, :id)")
    if not holder.execute(lock, {"lock": _LOCK, "id": channel_id}).scalar():
        return False
    holder.commit()
    _mark_orphans(channel_id, now)
    return True


def _mark_orphans(channel_id: int, now: datetime) -> None:
    with transaction() as tx:
        for row in db.session.execute(_ORPHANS, {"channel_id": channel_id, "now": now}).all():
            outgoing.summarise(row.message_id, row.chat_id)
            tx.after(push.message_changed, row.chat_id, row.message_id)
            tx.after(push.row_changed, row.chat_id)


def _send_lane(app: Flask, channel_id: int, lane: str, now: Callable[[], datetime], over: threading.Event) -> None:
    """Send the lane's parts one after another while they are due."""
    with app.app_context():
        try:
            account = _account(channel_id)
            while account and not over.is_set() and (part := _claim(channel_id, lane, now())) is not None:
                if not settle(account, part, _give(account, lane, part), now):
                    return
        except Exception:
            log.exception("a lane of channel %s stopped", channel_id)


def _give(account: Account, lane: str, part: Part) -> Result:
    """What became of it, also when it is we who failed: a busy drain may go on for hours, and its lane waits for it."""
    try:
        return send(account, lane, part)
    except Exception as error:
        if is_away(error):  # the channel was not asked yet
            return Later(0, why="database")
        log.exception("part %s was not given to its channel", part.id)
        return Unknown(type(error).__name__)


def _account(channel_id: int) -> Account | None:
    channel = channels.one(channel_id)
    account = channels.account_of(channel) if channel and channel.enabled else None
    db.session.remove()  # no connection is held while the network answers
    return account


@retried
def _claim(channel_id: int, lane: str, now: datetime) -> Part | None:
    with transaction():
        row = db.session.execute(_CLAIM, {"channel_id": channel_id, "lane": lane, "now": now}).one_or_none()
    return Part(*row) if row else None
