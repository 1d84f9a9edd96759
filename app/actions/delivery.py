"""Send what is due: sixteen lanes at once, each strictly in order, never twice on a guess."""

import json
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from app.actions import outgoing
from app.actions.opening import move_lane
from app.base import crypt
from app.base.rates import Bucket
from app.channels import registry
from app.channels.contract import (
    Account,
    Button,
    Later,
    Moved,
    Never,
    Outgoing,
    OutgoingFile,
    Result,
    Sent,
    Span,
    Unknown,
)
from app.live import push
from app.models.db import db, retried, transaction
from app.queries import channels, files

log = logging.getLogger(__name__)

LANES = 16
# How often a busy drain looks for new lanes; an idle one has ended and is woken.
_LOOK_SECONDS = 0.1
# How long an answer's fate waits for a database that is away.
_AWAY_SECONDS = 30.0
_GIVE_UP = timedelta(hours=24)
_LONGEST_PAUSE = 300.0
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

_SETTLE = text("""
    UPDATE outbox SET state = :state, external_ids = :external_ids, reason = :reason, settled_at = :now
     WHERE id = :id AND state IN ('sending', 'uncertain')
""")
_LATER = text(
    "UPDATE outbox SET state = 'queued', next_at = :at, reason = :reason WHERE id = :id AND state = 'sending'"
)
_REST = text("""
    UPDATE outbox SET state = 'failed', reason = :reason, settled_at = :now
     WHERE message_id = :message_id AND state = 'queued'
""")
# Whoever holds the channel's lock is its only sender, so what still says "sending" was cut off in the middle.
_ORPHANS = text("""
    UPDATE outbox SET state = 'uncertain', reason = 'interrupted', settled_at = :now
     WHERE channel_id = :channel_id AND state = 'sending' RETURNING message_id, chat_id
""")
_TROUBLE = text("UPDATE channel SET trouble = :why, troubled_at = :now WHERE id = :id")

# A worker drains when it is rung, and by itself while Redis is away: never both at once.
_draining = threading.Lock()
_buckets: dict[int, Bucket] = {}
_lane_buckets: dict[tuple[int, str], Bucket] = {}


@dataclass(frozen=True)
class Part:
    """A claimed part of a message."""

    id: UUID
    message_id: UUID
    chat_id: int
    identity_id: int
    verb: str
    content: bytes
    tries: int
    queued_at: datetime


def drain(now: Callable[[], datetime]) -> None:
    """Send until nothing is due. Channels whose lock another process holds are left to it.

    Ends when its own locks are lost with their connection: by then another drain may hold them, and what is on its way
    here would be overtaken there.
    """
    with _draining, db.engine.connect() as holder, ThreadPoolExecutor(LANES, "lane") as pool:
        holder.detach()  # closed at the end, not pooled: a session's locks must end with the drain
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
                result = _send(account, lane, part)
                if not _settle_surely(account, part, result, now):
                    return
        except Exception:
            log.exception("a lane of channel %s stopped", channel_id)


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


def _send(account: Account, lane: str, part: Part) -> Result:
    channel = registry.channel(account.kind)
    rates = channel.rates
    _lane_buckets.setdefault((account.id, lane), Bucket(rates.per_chat, burst=3)).wait()
    _buckets.setdefault(account.id, Bucket(rates.per_account, burst=rates.per_account)).wait()
    content = json.loads(crypt.open_sealed(part.content, ("outbox.content", part.id)))
    match part.verb:
        case "edit":
            return channel.edit(account, content["external_ids"][0], _outgoing(lane, content))
        case "answer":
            return channel.answer_callback(account, content["press"], content["notice"])
        case "delete":
            results = [channel.delete(account, lane, external_id) for external_id in content["external_ids"]]
            return next((result for result in results if not isinstance(result, Sent)), Sent())
        case _:
            return channel.send(account, _outgoing(lane, content))


def _outgoing(lane: str, content: dict[str, Any]) -> Outgoing:
    return Outgoing(
        lane=lane,
        kind=content["kind"],
        text=content["text"],
        markup=tuple(Span(*span) for span in content["markup"]),
        files=tuple(_file(UUID(key)) for key in content["files"]),
        reply_to=content["reply_to"],
        buttons=tuple(tuple(Button(*one) for one in row) for row in content.get("buttons", ())),
    )


def _file(file_id: UUID) -> OutgoingFile:
    row = db.session.execute(text("SELECT name, mime, size, stored_id FROM file WHERE id = :id"), {"id": file_id}).one()
    name = crypt.open_sealed(row.name, ("file.name", file_id))
    storage, stored_id = files.storage(), row.stored_id
    db.session.remove()
    # Never on disk in clear, and the provider wants its length beforehand: uploads are at most 20 MB.
    return OutgoingFile(name, row.mime, row.size, lambda: BytesIO(b"".join(storage.open(stored_id))))


def _settle_surely(account: Account, part: Part, result: Result, now: Callable[[], datetime]) -> bool:
    """Write it down even when the database is away for a moment: a word that has arrived must not look uncertain."""
    deadline = time.monotonic() + _AWAY_SECONDS
    while True:
        try:
            return _settle(account, part, result, now())
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@retried
def _settle(account: Account, part: Part, result: Result, now: datetime) -> bool:
    """Write down what became of the part. False: the lane rests."""
    with transaction() as tx:
        goes_on = _write(account, part, result, now)
        outgoing.summarise(part.message_id, part.chat_id)
        tx.after(push.message_changed, part.chat_id, part.message_id)
        if not isinstance(result, Sent | Later):
            tx.after(push.row_changed, part.chat_id)
    return goes_on


def _write(account: Account, part: Part, result: Result, now: datetime) -> bool:
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
        case Never(reason, why, whole_account):
            _mark(part, "failed", now, reason=reason.value)
            db.session.execute(_REST, {"message_id": part.message_id, "reason": reason.value, "now": now})
            if whole_account:
                log.error("channel %s does not work: %s", account.id, reason.value)
                db.session.execute(_TROUBLE, {"why": reason.value, "now": now, "id": account.id})
        case Later(seconds, whole_account, why):
            return _postpone(account, part, seconds, whole_account, why, now)
    return True


def _postpone(account: Account, part: Part, seconds: float, whole: bool, why: str, now: datetime) -> bool:
    """The lane rests; after a day of trying the operator is told."""
    if now - part.queued_at > _GIVE_UP:
        _mark(part, "failed", now, reason="expired")
        return True
    pause = max(seconds, min(_LONGEST_PAUSE, 2.0 ** min(part.tries, 9) / 2))
    if whole:
        _buckets[account.id].pause(pause)
    db.session.execute(_LATER, {"at": now + timedelta(seconds=pause), "reason": why[:200], "id": part.id})
    return False


def _mark(part: Part, state: str, now: datetime, *, reason: str = "", external_ids: Any = ()) -> None:
    values = {"id": part.id, "state": state, "reason": reason, "external_ids": list(external_ids), "now": now}
    db.session.execute(_SETTLE, values)
