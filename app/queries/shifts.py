"""Shifts of a period: when they began and ended, the time in each status, what lasted too long (clause 6.1)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from app.models.chat import MANAGE
from app.models.db import db
from app.models.permission import Scope
from app.models.viewer import Viewer

MOST = 500


@dataclass(frozen=True)
class Time:
    """In one status during one shift. `longer`: spans that lasted longer than recommended."""

    status_id: int
    names: dict[str, str]
    colour: str
    work: bool
    seconds: int
    longer: int


@dataclass(frozen=True)
class Correction:
    at: datetime
    by: str
    reason: str
    old_began_at: datetime
    old_ended_at: datetime
    new_began_at: datetime
    new_ended_at: datetime


@dataclass(frozen=True)
class Shift:
    id: int
    person_id: int
    name: str
    login: str
    day: date
    began_at: datetime
    ended_at: datetime | None
    ended_how: str | None
    corrected: bool
    times: list[Time] = field(default_factory=list)

    @property
    def worked(self) -> int:
        """Seconds in statuses that count as work time."""
        return sum(one.seconds for one in self.times if one.work)

    @property
    def longer(self) -> int:
        return sum(one.longer for one in self.times)


# Of colleagues in common groups, or of everybody.
SEEN = """(:everybody OR h.person_id = :me OR EXISTS (
    SELECT FROM group_member m WHERE m.person_id = h.person_id AND m.group_id = ANY(:groups)))"""
_SHIFT = """
    SELECT h.id, h.person_id, p.name, p.login, h.day, h.began_at, h.ended_at, h.ended_how,
           EXISTS (SELECT FROM shift_correction c WHERE c.shift_id = h.id) AS corrected
      FROM shift h JOIN person p ON p.id = h.person_id
"""
_OF_PERIOD = text(f"""{_SHIFT}
     WHERE h.day BETWEEN :first AND :last AND {SEEN} AND (CAST(:q AS text) = '' OR p.folded LIKE :q)
     ORDER BY h.day DESC, p.name, h.began_at LIMIT :most
""")
_ONE = text(f"{_SHIFT} WHERE h.id = :id AND {SEEN}")
# What a correction cut off does not count; what it added stands in no status.
_TIMES = text("""
    SELECT s.shift_id, w.id AS status_id, w.names, w.colour, w.counts_as_work AS work,
           sum(extract(epoch FROM t.until - t.since))::int AS seconds,
           count(*) FILTER (WHERE t.until - t.since > w.recommended_minutes * interval '1 minute') AS longer
      FROM status_span s JOIN work_status w ON w.id = s.status_id JOIN shift h ON h.id = s.shift_id,
   LATERAL (SELECT greatest(s.began_at, h.began_at) AS since,
                   least(coalesce(s.ended_at, :now), coalesce(h.ended_at, :now)) AS until) t
     WHERE s.shift_id = ANY(:shifts) AND t.until > t.since
     GROUP BY s.shift_id, w.id ORDER BY w.position, w.id
""")
_CORRECTIONS = text("""
    SELECT c.at, p.name AS by, c.reason, c.old_began_at, c.old_ended_at, c.new_began_at, c.new_ended_at
      FROM shift_correction c JOIN person p ON p.id = c.by_id WHERE c.shift_id = :id ORDER BY c.id
""")


def of_period(viewer: Viewer, first: date, last: date, folded: str, now: datetime) -> Sequence[Shift]:
    """Shifts that began on these days, of the people whose chats the viewer supervises."""
    wanted = {"first": first, "last": last, "q": f"%{folded}%" if folded else "", "most": MOST}
    return _with_times(db.session.execute(_OF_PERIOD, {**wanted, **whose(viewer)}).all(), now)


def one(viewer: Viewer, shift_id: int, now: datetime) -> Shift | None:
    found = _with_times(db.session.execute(_ONE, {"id": shift_id, **whose(viewer)}).all(), now)
    return found[0] if found else None


def corrections(shift_id: int) -> Sequence[Correction]:
    """The oldest first; the times that the system itself had recorded stand in the first one."""
    return [Correction(**row._mapping) for row in db.session.execute(_CORRECTIONS, {"id": shift_id})]


def whose(viewer: Viewer) -> dict[str, Any]:
    """The values by which a statement reaches only shifts that the viewer may see."""
    everybody = viewer.scope(MANAGE) is Scope.ALL
    return {"everybody": everybody, "me": viewer.person_id, "groups": sorted(viewer.groups)}


def _with_times(rows: Sequence[Any], now: datetime) -> list[Shift]:
    shifts = {row.id: Shift(**row._mapping) for row in rows}
    for row in db.session.execute(_TIMES, {"shifts": list(shifts), "now": now}):
        shifts[row.shift_id].times.append(Time(row.status_id, row.names, row.colour, row.work, row.seconds, row.longer))
    return list(shifts.values())
