"""Put shifts and absences in the place of what was known: whatever is read last holds."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from app.actions import journal, settings
from app.base import wakeups
from app.base.clock import day_bounds
from app.base.later import later
from app.models.db import Transaction, db
from app.models.hrm import RESPECTED, Absence, Shift, Source
from app.models.viewer import AnyViewer

# Two who keep plans take turns.
_LOCK = text("SELECT pg_advisory_xact_lock(7016)")
_ANY = text("SELECT EXISTS (SELECT FROM schedule) OR EXISTS (SELECT FROM absence)")
_CLEAR_SHIFTS = text("DELETE FROM schedule WHERE source = 'service' AND day BETWEEN :first AND :last")
_CLEAR_ABSENCES = text("DELETE FROM absence WHERE source = 'service' AND from_at < :until AND till_at > :since")
_OLD_SHIFTS = text("""
    DELETE FROM schedule s USING unnest(CAST(:people AS bigint[]), CAST(:days AS date[])) n (person_id, day)
     WHERE s.person_id = n.person_id AND s.day = n.day
""")
_SHIFTS = text("""
    INSERT INTO schedule (person_id, day, from_at, till_at, source)
    SELECT n.*, :source FROM unnest(CAST(:people AS bigint[]), CAST(:days AS date[]),
                                    CAST(:since AS timestamptz[]), CAST(:until AS timestamptz[])) n
        ON CONFLICT (person_id, from_at)
        DO UPDATE SET day = excluded.day, till_at = excluded.till_at, source = excluded.source
""")
_OLD_ABSENCES = text("""
    DELETE FROM absence a
     USING unnest(CAST(:people AS bigint[]), CAST(:since AS timestamptz[]), CAST(:until AS timestamptz[]))
           n (person_id, since, until)
     WHERE a.person_id = n.person_id AND a.from_at < n.until AND a.till_at > n.since
""")
_ABSENCES = text("""
    INSERT INTO absence (person_id, from_at, till_at, kind, source)
    SELECT n.*, :source FROM unnest(CAST(:people AS bigint[]), CAST(:since AS timestamptz[]),
                                    CAST(:until AS timestamptz[]), CAST(:kinds AS text[])) n
        ON CONFLICT (person_id, from_at)
        DO UPDATE SET till_at = excluded.till_at, kind = excluded.kind, source = excluded.source
""")


def keep(
    tx: Transaction,
    plans: Collection[Shift | Absence],
    source: Source,
    by: AnyViewer,
    origin: journal.Origin,
    now: datetime,
    period: tuple[date, date] | None = None,
) -> None:
    """A person's day, and an absence's time, are replaced by what is said now.

    `period`: days the service told whole, so what it no longer tells there is gone. The first plan ever switches
    giving by the schedule on.
    """
    db.session.execute(_LOCK)
    if not db.session.scalar(_ANY) and plans:
        settings.change({RESPECTED.key: "1"}, by, origin, now)
    if period is not None:
        first, last = period
        since, until = day_bounds(first)[0], day_bounds(last)[1]
        db.session.execute(_CLEAR_SHIFTS, {"first": first, "last": last})
        db.session.execute(_CLEAR_ABSENCES, {"since": since, "until": until})
    _replace_shifts([one for one in plans if isinstance(one, Shift)], source)
    _replace_absences([one for one in plans if isinstance(one, Absence)], source)
    tx.after(later, wakeups.ASSIGN)


def _replace_shifts(shifts: Sequence[Shift], source: Source) -> None:
    values = _times(shifts) | {"days": [one.day for one in shifts], "source": source.value}
    db.session.execute(_OLD_SHIFTS, {"people": values["people"], "days": values["days"]})
    db.session.execute(_SHIFTS, values)


def _replace_absences(absences: Sequence[Absence], source: Source) -> None:
    times = _times(absences)
    db.session.execute(_OLD_ABSENCES, times)
    db.session.execute(_ABSENCES, times | {"kinds": [one.kind for one in absences], "source": source.value})


def _times(plans: Sequence[Shift] | Sequence[Absence]) -> dict[str, Any]:
    return {
        "people": [one.person_id for one in plans],
        "since": [one.from_at for one in plans],
        "until": [one.till_at for one in plans],
    }
