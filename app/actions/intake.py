"""The road in. `accept` stores for good before anything is acknowledged; `take` understands what was stored."""

import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import arrival, journal, storing, together
from app.base import crypt, ids, wakeups
from app.base.later import later, soon
from app.base.raw import packed
from app.channels import registry
from app.channels.channel import Door
from app.channels.contract import Raw
from app.models.db import by_keys, db, is_away, transaction
from app.models.journal import declare as declare_kind
from app.models.viewer import AnyViewer

log = logging.getLogger(__name__)

RETRIED = declare_kind("inbox.retried", _l("Failed message taken again"))

BATCH = 20
# After so many failures a row waits for a person on the page of failures.
MOST_TRIES = 5
_PAUSE = timedelta(seconds=10)
_A_RUN = timedelta(seconds=1)

# Lanes that have something due, oldest first, each locked for this transaction: one in flight per lane.
_LANES = text("""
    WITH due AS (
      SELECT channel_id, lane, id FROM inbox
       WHERE state = 'new' AND (next_at IS NULL OR next_at <= :now) ORDER BY id LIMIT :window
    ), lanes AS (
      SELECT channel_id, lane, min(id::text) AS first FROM due GROUP BY channel_id, lane ORDER BY first LIMIT :most
    )
    SELECT channel_id, lane, (SELECT id FROM due ORDER BY id DESC LIMIT 1) AS last FROM lanes
     WHERE pg_try_advisory_xact_lock(hashtextextended(channel_id || ':' || lane, 7))
""")

# Waits for whoever has the lane, for it may have read its rows before ours came; not longer than a client would.
_LANE = text("""
    SELECT set_config('lock_timeout', '2s', true), pg_advisory_xact_lock(hashtextextended(:lane, 7))
""")

_ROWS = text("""
    SELECT i.id, i.channel_id, c.kind AS channel_kind, i.received_at, i.raw
      FROM inbox i JOIN channel c ON c.id = i.channel_id
      JOIN unnest(CAST(:channels AS bigint[]), CAST(:lanes AS text[])) AS lane (channel_id, lane)
        ON lane.channel_id = i.channel_id AND lane.lane = i.lane
     WHERE i.state = 'new' AND (i.next_at IS NULL OR i.next_at <= :now) AND i.id <= :last
     ORDER BY i.id LIMIT :most
""")
_ANY = UUID(int=2**128 - 1)

_UNREADABLE = text("""
    SELECT i.id, i.channel_id, c.kind, i.received_at, i.raw FROM inbox i JOIN channel c ON c.id = i.channel_id
     WHERE i.id = :id AND i.state = 'unsupported' FOR UPDATE OF i
""")
_AGAIN = text("""
    UPDATE inbox SET state = 'new', tries = 0, next_at = NULL WHERE id = :id AND state NOT IN ('taken', 'unsupported')
""")
_FAILED = text("""
    UPDATE inbox SET tries = tries + 1, error = :error,
           next_at = CAST(:now AS timestamptz) + :pause * power(2, tries),
           state = CASE WHEN tries + 1 >= :most THEN 'failed' ELSE 'new' END
     WHERE id = :id
""")


def accept(
    channel_id: int, kind: str, raws: Sequence[Raw], now: datetime, *, cursor: str | None = None, ring: bool = True
) -> None:
    """Store raw updates, sealed, in one statement; when this returns they are stored for good.

    `cursor` is the poller's place: it moves in the same statement. `ring`: wake the drain; not for whoever takes the
    lane in the same breath.
    """
    rows = [_new(channel_id, registry.door(kind), raw, now) for raw in raws]
    if cursor is not None:
        storing.store_to(cursor, channel_id, rows, now)
    elif rows:
        ring = storing.store(rows, ring=ring)
    if rows and ring:
        soon(wakeups.DRAIN_INBOX)


def take(now: datetime) -> int:
    """Take all that waits, twenty rows a transaction. Returns how many rows were settled."""
    settled = 0
    while rows := _take_batch(now):
        settled += rows
    return settled


def drain(time: Callable[[], datetime]) -> bool:
    """Take what waits, each batch at its own moment, for a second. Rings again, and says so, while there may be more.

    Under a steady stream there is always more, and assignment, leases and words to search by wait on the same queue.
    """
    ends = time() + _A_RUN
    while (now := time()) < ends:
        if not _take_batch(now):
            return False
    later(wakeups.DRAIN_INBOX)
    return True


def take_lane(channel_id: int, lane: str, now: datetime) -> None:
    """Take what one lane holds, in the request that has just accepted it; what fails is left to the drain."""
    values = {"channels": [channel_id], "lanes": [lane], "now": now, "most": BATCH, "last": _ANY}
    try:
        with transaction() as tx:
            db.session.execute(_LANE, {"lane": f"{channel_id}:{lane}"})
            for row in db.session.execute(_ROWS, values).all():
                arrival.settle(arrival.Row(*row), tx, now)
            return
    except Exception:
        log.warning("a lane of channel %s was not taken at once", channel_id, exc_info=True)
    later(wakeups.DRAIN_INBOX)


def _take_batch(now: datetime) -> int:
    try:
        with transaction() as tx:
            by_keys()
            rows = _due(now)
            together.settle(rows, tx, now)
            return len(rows)
    except Exception as error:
        if is_away(error):
            raise
        log.warning("a batch of the inbox failed, taking it row by row", exc_info=True)
        return _take_one_by_one(now)


def _take_one_by_one(now: datetime) -> int:
    """The row that cannot be taken stays with its error; its neighbours are taken."""
    with transaction():
        keys = [row.id for row in _due(now)]
    for key in keys:
        try:
            with transaction() as tx:
                for row in _due(now):
                    if row.id == key:
                        arrival.settle(row, tx, now)
        except Exception as error:
            if is_away(error):
                raise
            log.exception("inbox row %s failed", key)
            _fail(key, error, now)
    return len(keys)


def _due(now: datetime) -> list[arrival.Row]:
    found = db.session.execute(_LANES, {"now": now, "window": BATCH * 10, "most": BATCH}).all()
    if not found:
        return []
    values = {
        "channels": [lane.channel_id for lane in found],
        "lanes": [lane.lane for lane in found],
        "last": found[0].last,  # however many more wait, only the oldest are looked through
        "now": now,
        "most": BATCH,
    }
    return [arrival.Row(*row) for row in db.session.execute(_ROWS, values)]


def _fail(key: UUID, error: Exception, now: datetime) -> None:
    """Only the error's kind is kept: its text may hold the client's words."""
    values = {"id": key, "error": type(error).__name__, "now": now, "pause": _PAUSE, "most": MOST_TRIES}
    with transaction():
        db.session.execute(_FAILED, values)


def retry(key: UUID, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """An administrator asks for a row to be taken again: one that failed, or that nobody could read when it came."""
    with transaction() as tx:
        if (row := db.session.execute(_UNREADABLE, {"id": key}).one_or_none()) is not None:
            arrival.settle_again(arrival.Row(*row), tx, now)
        db.session.execute(_AGAIN, {"id": key})
        journal.note(RETRIED, by, now, origin, of=("inbox", key))
        tx.after(later, wakeups.DRAIN_INBOX)


def _new(channel_id: int, door: Door, raw: Raw, now: datetime) -> storing.New:
    key = ids.uuid7(now)
    sealed = crypt.seal(packed(raw.body), at=("inbox.raw", key))
    return storing.New(key, channel_id, raw.id or _digest(raw), door.parse(raw.body).lane, now, sealed)


def _digest(raw: Raw) -> str:
    """An update without an id of its own is known by its content."""
    return hashlib.sha256(json.dumps(raw.body, sort_keys=True).encode()).hexdigest()
