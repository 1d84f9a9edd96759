"""Presence: a page's lease in PostgreSQL, and what follows when it is lost (clauses 8.2, 14.1).

Nothing else changes a status by itself, and nothing changes it back: who returns chooses again.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.actions import routing, seats, shifts
from app.base import wakeups
from app.base.later import later
from app.live import duty as screens
from app.models.db import db, retried, transaction
from app.models.duty import BROKEN, GRACE_SECONDS, LEASE, LOST_MINUTES, SEAT_IDLE_MINUTES
from app.models.viewer import SYSTEM
from app.queries import settings as stored

_hand_on = retried(routing.hand_on)

_ASK_EVERY = timedelta(seconds=20)
# What a socket renews every RENEWED is never older.
_FRESH = timedelta(seconds=15)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
# When this process last asked the database, so that most requests do not.
_asked: dict[tuple[int, bool], datetime] = {}

_BEGIN = text("""
    INSERT INTO lease (person_id, session_id, renewed_at, active_at) VALUES (:person_id, :session_id, :now, :now)
    ON CONFLICT (person_id) DO UPDATE SET session_id = :session_id, renewed_at = :now, active_at = :now
""")
_RENEW = text("""
    WITH alive AS (
      UPDATE lease SET renewed_at = :now WHERE person_id = ANY(:people) AND renewed_at < :now RETURNING 1
    )
    INSERT INTO duty_watch (id, renewed_at) VALUES (1, :now)
    ON CONFLICT (id) DO UPDATE SET renewed_at = greatest(duty_watch.renewed_at, excluded.renewed_at)
""")
_ACTIVE = text("""
    UPDATE lease SET active_at = :now, renewed_at = greatest(renewed_at, :now)
     WHERE person_id = :person_id AND active_at < :now
""")
_SEEN = text("""
    UPDATE lease SET renewed_at = greatest(renewed_at, :now),
           active_at = CASE WHEN :acted THEN greatest(active_at, :now) ELSE active_at END
     WHERE person_id = :person_id AND (renewed_at < :stale OR :acted AND active_at < :stale)
""")
_WATCH = text("""
    INSERT INTO duty_watch (id, swept_at, unbroken_since) VALUES (1, :now, :now)
    ON CONFLICT (id) DO UPDATE SET swept_at = :now, unbroken_since = CASE
      WHEN duty_watch.swept_at >= :whole AND duty_watch.renewed_at >= :whole AND duty_watch.unbroken_since <= :now
      THEN duty_watch.unbroken_since ELSE :now END
    RETURNING unbroken_since
""")
# The page is gone for a lease and the grace time, or the person has done nothing while holding a seat for too long:
# longer than the setting, and never shorter than the status itself recommends, so that a break keeps its seat.
_GONE = """
    SELECT s.person_id, l.renewed_at, l.active_at,
           greatest(l.renewed_at, :unbroken) < :alive_since AS page_lost
      FROM status_span s JOIN work_status w ON w.id = s.status_id JOIN lease l ON l.person_id = s.person_id
     WHERE s.ended_at IS NULL AND w.code IS DISTINCT FROM 'lost' AND (
           greatest(l.renewed_at, :unbroken) < :alive_since
        OR EXISTS (SELECT FROM seat WHERE seat.person_id = s.person_id) AND greatest(l.active_at, :unbroken)
           < CAST(:now AS timestamptz) - greatest(:idle, coalesce(w.recommended_minutes, 0)) * interval '1 minute')
"""
_ALL_GONE = text(_GONE + " ORDER BY s.person_id LIMIT 500")
_STILL_GONE = text(_GONE + " AND s.person_id = :person_id")
_LOST_STATUS = text("SELECT id FROM work_status WHERE code = 'lost'")
_NOTICED = text("UPDATE status_span SET noticed_at = :now WHERE person_id = :person_id AND ended_at IS NULL")
_OVER = text("""
    SELECT s.person_id FROM status_span s JOIN work_status w ON w.id = s.status_id
     WHERE s.ended_at IS NULL AND w.code = 'lost' AND greatest(s.noticed_at, :unbroken) < :lost_since
""")


def begin(person_id: int, session_id: UUID, now: datetime) -> None:
    """The page in which a status was chosen lives, and its person acts. Part of that transaction."""
    db.session.execute(_BEGIN, {"person_id": person_id, "session_id": session_id, "now": now})


def renew(people: Collection[int], now: datetime) -> None:
    """These people's pages live: one statement for all sockets of a web process, also when there are none."""
    with transaction():
        db.session.execute(_RENEW, {"people": sorted(people), "now": now})


def active(person_id: int, now: datetime) -> None:
    """The person did something in a page."""
    with transaction():
        db.session.execute(_ACTIVE, {"person_id": person_id, "now": now})


def seen(person_id: int, now: datetime, *, acted: bool) -> None:
    """The person's page asked for something, so it lives, also where no script runs. `acted`: by his own hand.

    Coalesced: a page asks a lot, and where its socket renews the lease nothing is left to write.
    """
    if timedelta() <= now - _asked.get((person_id, acted), _LONG_AGO) < _ASK_EVERY:
        return
    _asked[person_id, acted] = now
    with transaction():
        db.session.execute(_SEEN, {"person_id": person_id, "now": now, "acted": acted, "stale": now - _FRESH})


def sweep(now: datetime) -> int:
    """Put whoever is lost into the status for that; end the shifts of those who did not come back. How many in all.

    Judged only when this sweep and the renewals have gone on without a break for one grace time, and after a break
    every lease counts from its end: a restart must not take a thousand chats from their operators.
    """
    grace = timedelta(seconds=stored.value(GRACE_SECONDS))
    with transaction():
        unbroken = db.session.execute(_WATCH, {"now": now, "whole": now - BROKEN}).scalar_one()
    if now - unbroken < grace:
        return 0
    values = {
        "now": now,
        "unbroken": unbroken,
        "alive_since": now - LEASE - grace,
        "idle": stored.value(SEAT_IDLE_MINUTES),
    }
    gone = [row.person_id for row in db.session.execute(_ALL_GONE, values)]
    late = {"unbroken": unbroken, "lost_since": now - timedelta(minutes=stored.value(LOST_MINUTES))}
    over = list(db.session.scalars(_OVER, late))
    db.session.rollback()
    return sum([*(_lose(person_id, values, now) for person_id in gone), *(_close(one, now) for one in over)])


def _lose(person_id: int, values: dict[str, Any], now: datetime) -> bool:
    if not _put_aside(person_id, values, now):
        return False
    _hand_on(person_id, "lost", SYSTEM, now)
    return True


@retried
def _put_aside(person_id: int, values: dict[str, Any], now: datetime) -> bool:
    """The old status ended at the last sign of life: of the page, or of the person where the page still lives."""
    with transaction() as tx:
        duty = shifts.locked(person_id)
        row = db.session.execute(_STILL_GONE, {**values, "person_id": person_id}).one_or_none()
        if duty is None or row is None:
            return False
        how, at = ("lost", row.renewed_at) if row.page_lost else ("inactive", row.active_at)
        status_id = int(db.session.execute(_LOST_STATUS).scalar_one())
        shifts.enter(person_id, duty.shift_id, status_id, how, None, max(at, duty.since))
        db.session.execute(_NOTICED, {"person_id": person_id, "now": now})
        seats.free(person_id, now)
        tx.after(screens.duty_changed, person_id)
        tx.after(later, wakeups.ASSIGN)
    return True


@retried
def _close(person_id: int, now: datetime) -> bool:
    with transaction() as tx:
        duty = shifts.locked(person_id)
        if duty is None or not duty.lost:
            return False
        shifts.end(tx, duty, "lost", now)
    return True
