"""Count a day of a channel on each stretch of the road, from what lies there now, and name what differs.

Every stored update is opened and understood again: what it says must stand in a chat, and what stands in a chat must
have come by an update. Nothing of what is said leaves this module.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.base import crypt, ids
from app.base.clock import day_bounds
from app.channels import registry
from app.channels.contract import Incoming
from app.models.db import db
from app.models.reconciliation import Day, Difference
from app.queries import shown

# An update may lie this long before somebody must look at it.
PATIENCE = timedelta(hours=1)
# A day long it is tried again what a channel does not take; its row says so soon after.
_DELAYED = timedelta(hours=25)
# A message is stored when its update is taken, which may be long after it was accepted.
_TAKEN_WITHIN = timedelta(days=31)
_BATCH = 500

_CHANNELS = text("""
    SELECT c.id, c.kind, c.name FROM channel c
     WHERE EXISTS (SELECT 1 FROM inbox i WHERE i.channel_id = c.id)
        OR EXISTS (SELECT 1 FROM reconciliation r WHERE r.channel_id = c.id)
     ORDER BY c.id
""")
_UPDATES = text("""
    SELECT id, state, received_at, raw FROM inbox
     WHERE channel_id = :channel_id AND id >= :after AND id < :before ORDER BY id LIMIT :most
""")
_MESSAGES = text("""
    SELECT m.id, m.external_id, i.lane, i.external_id AS sender FROM message m JOIN identity i ON i.id = m.identity_id
     WHERE m.id >= :after AND m.id < :before AND m.received_at >= :since AND m.received_at < :until
       AND m.kind = 'client' AND i.channel_id = :channel_id
""")
# By an edit that came before its message, a day earlier.
_STANDS = text("""
    SELECT EXISTS (
      SELECT 1 FROM identity i JOIN customer k ON k.id = i.customer_id
        JOIN chat c ON c.customer_id IN (k.id, k.merged_into)
        JOIN message m ON m.chat_id = c.id AND m.external_id = :external_id AND m.identity_id = i.id
       WHERE i.channel_id = :channel_id AND i.lane = :lane AND m.kind = 'client')
""")
_SAID = text("""
    SELECT m.id, m.state, p.parts, p.state AS parts_state,
           EXISTS (SELECT 1 FROM outbox w WHERE w.message_id = m.id AND w.state IN ('queued', 'sending')
                      AND w.queued_at < :delayed) AS delayed
      FROM message m JOIN identity i ON i.id = m.identity_id
      LEFT JOIN LATERAL (
        SELECT count(*) AS parts,
               CASE WHEN bool_or(o.state = 'failed') THEN 'failed' WHEN bool_or(o.state = 'uncertain') THEN 'uncertain'
                    WHEN bool_or(o.state = 'queued') THEN 'queued' WHEN bool_or(o.state = 'sending') THEN 'sending'
                    WHEN bool_or(o.state = 'sent') THEN 'sent' WHEN bool_or(o.state = 'delivered') THEN 'delivered'
                    ELSE 'read' END AS state
          FROM outbox o WHERE o.message_id = m.id AND o.verb = 'send') p ON true
     WHERE m.id >= :after AND m.id < :before AND m.received_at >= :since AND m.received_at < :until
       AND m.kind IN ('mine', 'bot') AND m.state IS NOT NULL AND i.channel_id = :channel_id
""")
_COLUMN = {"taken": "taken", "unsupported": "unsupported", "failed": "failed", "new": "waiting"}
_SENT = {"queued": "queued", "sending": "queued", "failed": "unsent", "uncertain": "uncertain"}


class Word(NamedTuple):
    """By what a client's word is known within its channel."""

    lane: str
    external_id: str


@dataclass
class _Told:
    """What the updates of a day say: words that must be messages, and such as may be (an edit, a command)."""

    must: dict[Word, UUID] = field(default_factory=dict)
    may: set[Word] = field(default_factory=set)


def day(of: date, now: datetime) -> list[Day]:
    """Each channel that ever brought an update, on this day. The caller's transaction must be one snapshot."""
    return [_channel_day(channel, of, now) for channel in db.session.execute(_CHANNELS).all()]


def _channel_day(channel: Any, of: date, now: datetime) -> Day:
    found = Day(of, channel.id, channel.name)
    told = _count_updates(found, channel.kind, now)
    stored = _count_messages(found, told)
    _count_shown(found, stored)
    _count_said(found, now)
    return found


def _count_updates(found: Day, kind: str, now: datetime) -> _Told:
    """Accepted = taken + unsupported + failed + waiting."""
    told, stuck, untaken, unreadable = _Told(), [], [], []
    for row in _updates(found):
        found.accepted += 1
        setattr(found, column := _COLUMN[row.state], getattr(found, column) + 1)
        if row.state == "new" and now - row.received_at > PATIENCE:
            stuck.append(row.id)
        if row.state == "failed":
            untaken.append(row.id)
        if row.state in ("taken", "unsupported"):
            try:
                body = json.loads(crypt.open_bytes(row.raw, ("inbox.raw", row.id)))
            except (crypt.SealBroken, crypt.KeyUnknown, ValueError):
                unreadable.append(row.id)
                continue
            _note(told, row.id, registry.door(kind).parse(body))
    found.differs(Difference.UNREADABLE, unreadable)
    found.differs(Difference.STUCK, stuck)
    found.differs(Difference.UNTAKEN, untaken)
    return told


def _updates(found: Day) -> Iterator[Any]:
    start, end = day_bounds(found.day)
    after, before = ids.floor(start), ids.floor(end)
    while rows := db.session.execute(
        _UPDATES, {"channel_id": found.channel_id, "after": after, "before": before, "most": _BATCH}
    ).all():
        yield from rows
        after = UUID(int=rows[-1].id.int + 1)


def _note(told: _Told, update_id: UUID, incoming: Incoming) -> None:
    if not incoming.lane:
        return
    word = Word(incoming.lane, incoming.external_id)
    # /site asks for a link and is no word to an operator while the bank's site has a chat.
    command = incoming.text.strip().partition("@")[0] == "/site"
    if incoming.kind in ("message", "unsupported") and not command:
        told.must.setdefault(word, update_id)
    elif incoming.kind in ("message", "edited", "started"):
        told.may.add(word)


def _count_messages(found: Day, told: _Told) -> list[UUID]:
    """Words of the updates = messages stored, each once. Gives the messages' ids."""
    stored: dict[Word, list[UUID]] = defaultdict(list)
    for row in db.session.execute(_MESSAGES, _span(found)):
        word = Word(row.lane, row.external_id)
        # A group that has moved has another lane by now than its older updates tell.
        stored[word if word in told.must or word in told.may else Word(row.sender, row.external_id)].append(row.id)
    found.stored = sum(map(len, stored.values()))
    found.words = len(told.must.keys() | (told.may & stored.keys()))
    missing = [(word, update_id) for word, update_id in told.must.items() if word not in stored]
    earlier = {update_id for word, update_id in missing if _stands(found.channel_id, word)}
    found.words -= len(earlier)
    found.differs(Difference.LOST, [update_id for _, update_id in missing if update_id not in earlier])
    found.differs(Difference.DOUBLED, [one for several in stored.values() for one in several[1:]])
    strays = [several for word, several in stored.items() if word not in told.must and word not in told.may]
    found.differs(Difference.STRAY, [one for several in strays for one in several])
    return [one for several in stored.values() for one in several]


def _stands(channel_id: int, word: Word) -> bool:
    return bool(db.session.scalar(_STANDS, {"channel_id": channel_id, **word._asdict()}))


def _count_shown(found: Day, stored: Sequence[UUID]) -> None:
    """Messages stored = messages that their chats show."""
    hidden: list[UUID] = []
    for start in range(0, len(stored), _BATCH):
        some = stored[start : start + _BATCH]
        seen = shown.among(some)
        hidden += [one for one in some if one not in seen]
    found.shown = len(stored) - len(hidden)
    found.differs(Difference.HIDDEN, hidden)


def _count_said(found: Day, now: datetime) -> None:
    """Said = accepted by the channel + not sent + uncertain + on the way."""
    unqueued, untrue, delayed = [], [], []
    for row in db.session.execute(_SAID, {**_span(found), "delayed": now - _DELAYED}):
        found.said += 1
        setattr(found, column := _SENT.get(row.state, "sent"), getattr(found, column) + 1)
        if not row.parts:
            unqueued.append(row.id)
        elif row.parts_state != row.state:
            untrue.append(row.id)
        if row.delayed:
            delayed.append(row.id)
    found.differs(Difference.UNQUEUED, unqueued)
    found.differs(Difference.UNTRUE, untrue)
    found.differs(Difference.DELAYED, delayed)


def _span(found: Day) -> dict[str, Any]:
    since, until = day_bounds(found.day)
    return {
        "channel_id": found.channel_id, "since": since, "until": until,
        "after": ids.floor(since), "before": ids.floor(until + _TAKEN_WITHIN),
    }  # fmt: skip
