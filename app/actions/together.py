"""Take many updates together: plain words in open chats in a handful of statements, whatever else one by one.

A transaction for twenty rows is not enough: with five statements and ten looks for pushes a row, one worker took a
fifth as much (docs/performance.md).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.actions import arrival, brought, learning, opening
from app.actions.arrival import Row
from app.base.awaited import lone_number
from app.channels import registry
from app.channels.contract import Incoming
from app.live import push
from app.models.db import Transaction, db

# The client may have repeated it within this very batch: the first one counts.
_SEEN = text("""
    INSERT INTO seen (channel_id, lane, kind, external_id, version)
    SELECT * FROM unnest(CAST(:channels AS bigint[]), CAST(:lanes AS text[]), CAST(:kinds AS text[]),
                         CAST(:external_ids AS text[]), CAST(:versions AS bigint[]))
    ON CONFLICT DO NOTHING RETURNING channel_id, lane, kind, external_id, version
""")

_EDITED = text("""
    SELECT channel_id, lane FROM seen
      JOIN unnest(CAST(:channels AS bigint[]), CAST(:lanes AS text[]), CAST(:external_ids AS text[]))
        AS w (channel_id, lane, external_id) USING (channel_id, lane, external_id)
     WHERE kind = 'edited'
""")

_SETTLE = text("""
    UPDATE inbox SET state = w.state, taken_at = :now, error = w.why
      FROM unnest(CAST(:ids AS uuid[]), CAST(:states AS text[]), CAST(:whys AS text[])) AS w (id, state, why)
     WHERE inbox.id = w.id
""")

Lane = tuple[int, str]


@dataclass(frozen=True)
class Update:
    row: Row
    incoming: Incoming

    @property
    def lane(self) -> Lane:
        return self.row.channel_id, self.incoming.lane

    @property
    def sender(self) -> tuple[int, str]:
        return self.row.channel_id, opening.sender_of(self.incoming).external_id


def settle(rows: Sequence[Row], tx: Transaction, now: datetime) -> None:
    """Take these rows, each exactly once, in their order within a lane."""
    if not rows:
        return
    updates = [Update(row, arrival.read(row)) for row in rows]
    fresh = _first_times([one for one in updates if arrival.says_something(one.incoming)])
    homes = opening.homes_of({one.sender for one in fresh}) if fresh else {}
    special = _special_lanes(fresh, homes)
    _say([one for one in fresh if one.lane not in special], homes, tx, now)
    for one in fresh:
        if one.lane in special:
            arrival.understand(one.row, one.incoming, tx, now)
    _settle(updates, now)


def _first_times(updates: list[Update]) -> list[Update]:
    """Those nobody has seen before."""
    keys = {arrival.seen_key(one.row, one.incoming): one for one in reversed(updates)}
    if not keys:
        return []
    names = ("channels", "lanes", "kinds", "external_ids", "versions")
    values = dict(zip(names, map(list, zip(*keys, strict=True)), strict=True))
    new = {tuple(row) for row in db.session.execute(_SEEN, values)}
    return [one for one in updates if (key := arrival.seen_key(one.row, one.incoming)) in new and keys[key] is one]


def _special_lanes(updates: list[Update], homes: dict[tuple[int, str], opening.Home]) -> set[Lane]:
    """Lanes with anything but words for an open chat; in them each row sees what the one before it changed."""
    special = {one.lane for one in updates if not _is_plain(one, homes.get(one.sender))}
    return special | _edited_before([one for one in updates if one.lane not in special])


def _is_plain(update: Update, home: opening.Home | None) -> bool:
    """A hosted channel's client is shown each word by a push of its own; what a number is tell the words before it."""
    if home is None or home.episode_id is None or home.blocked_us_at is not None:
        return False
    if registry.is_hosted(update.row.channel_kind):
        return False
    incoming = update.incoming
    if lone_number(incoming.text):
        return False
    if incoming.kind not in arrival.WORDS or arrival.asks_for_site(incoming) or arrival.proves_phone(incoming):
        return False
    return not learning.learnt(home, incoming)


def _edited_before(updates: Collection[Update]) -> set[Lane]:
    """An edit may overtake its message, which is then here already."""
    values = {
        "channels": [one.row.channel_id for one in updates],
        "lanes": [one.incoming.lane for one in updates],
        "external_ids": [one.incoming.external_id for one in updates],
    }
    return {(row.channel_id, row.lane) for row in db.session.execute(_EDITED, values)} if updates else set()


def _say(updates: list[Update], homes: dict[tuple[int, str], opening.Home], tx: Transaction, now: datetime) -> None:
    said: list[dict[str, Any]] = []
    for one in updates:
        home = homes[one.sender]
        said.append(arrival.values_of(one.row, home, one.incoming, now))
        # Whoever has written is no longer awaited.
        homes[one.sender] = replace(home, answered_at=None)
        brought.keep(one.row, home.chat_id, said[-1]["id"], one.incoming.attachments, tx, now)
    if said:
        db.session.execute(arrival.SAY, said)
        tx.after(push.words_came, tuple((values["chat_id"], values["id"]) for values in said))


def _settle(updates: list[Update], now: datetime) -> None:
    values = {
        "ids": [one.row.id for one in updates],
        "states": [arrival.state_of(one.incoming) for one in updates],
        "whys": [one.incoming.why for one in updates],
        "now": now,
    }
    db.session.execute(_SETTLE, values)
