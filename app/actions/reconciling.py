"""Reconciliation: each night the last week is counted anew and kept; today as it stands, once an hour."""

import json
import logging
from dataclasses import asdict
from datetime import date, datetime, timedelta

from sqlalchemy import text

from app.base.clock import TASHKENT, business_day, day_bounds
from app.models.db import db, transaction
from app.models.reconciliation import Day, Difference
from app.queries import reconciled, reconciling

log = logging.getLogger(__name__)

# What waits or is retried is settled within a day; an uncertain word is sent again within a week, or never.
NIGHTS = 7
_NIGHT = 2  # o'clock in Tashkent, when hardly anybody writes
# Updates are kept so long.
_KEPT_DAYS = 30

_KEEP = text("""
    INSERT INTO reconciliation (day, channel_id, counted_at, accepted, taken, unsupported, failed, waiting, words,
                                stored, shown, said, sent, unsent, uncertain, queued, differences)
    VALUES (:day, :channel_id, :now, :accepted, :taken, :unsupported, :failed, :waiting, :words, :stored, :shown,
            :said, :sent, :unsent, :uncertain, :queued, CAST(:differences AS jsonb))
    ON CONFLICT (day, channel_id) DO UPDATE SET counted_at = excluded.counted_at,
      accepted = greatest(reconciliation.accepted, excluded.accepted), taken = excluded.taken,
      unsupported = excluded.unsupported, failed = excluded.failed, waiting = excluded.waiting,
      words = excluded.words, stored = excluded.stored, shown = excluded.shown, said = excluded.said,
      sent = excluded.sent, unsent = excluded.unsent, uncertain = excluded.uncertain, queued = excluded.queued,
      differences = excluded.differences
""")


def reconcile_due(now: datetime) -> None:
    """Count what is due: today, and after two at night the week before, if this night has not done it."""
    for day in _due(now):
        reconcile(day, now)


def reconcile(day: date, now: datetime) -> list[Day]:
    """Count a day and keep what was found. Raises ValueError for a day whose updates are no longer kept."""
    found = count(day, now)
    with transaction():
        for one in found:
            values = asdict(one) | {"now": now, "differences": json.dumps(one.differences)}
            db.session.execute(_KEEP, values)
    for one in found:
        if not one.agrees:
            log.error("channel %s on %s differs: %s", one.channel_id, day, ", ".join(one.differences))
    return found


def count(day: date, now: datetime) -> list[Day]:
    """Count a day, keeping nothing, beside what was counted before. Raises ValueError as `reconcile` does."""
    if not business_day(now) - timedelta(days=_KEPT_DAYS) < day <= business_day(now):
        raise ValueError(f"updates are kept for {_KEPT_DAYS} days")
    db.session.remove()
    # One snapshot of everything: what is taken meanwhile differs from nothing.
    db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    before = reconciled.accepted(day)
    found = reconciling.day(day, now)
    db.session.remove()
    for one in found:
        one.differs(Difference.VANISHED, [], max(0, before.get(one.channel_id, 0) - one.accepted))
    return found


def _due(now: datetime) -> list[date]:
    today = business_day(now)
    night = day_bounds(today)[0] + timedelta(hours=_NIGHT)
    if now.astimezone(TASHKENT).hour < _NIGHT:
        return [today]
    done = reconciled.counted_since(night)
    week = (today - timedelta(days=back) for back in range(1, NIGHTS + 1))
    return [today, *(day for day in week if day not in done)]
