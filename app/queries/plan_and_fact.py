"""What was planned for each person and day, beside what was: came late, left early, did not come (clause 6.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from app.models.db import db
from app.models.viewer import Viewer
from app.queries.shifts import MOST, SEEN, whose


@dataclass(frozen=True)
class Day:
    """One person's day. `late`, `early`: seconds; `missed`: the plan is over and nobody came; `absence`: its kind."""

    day: date
    name: str
    planned_from: datetime
    planned_till: datetime
    began_at: datetime | None
    ended_at: datetime | None
    at_work: bool
    absence: str | None
    late: int
    early: int
    missed: bool


# A shift belongs to the plan it overlaps or begins within two hours of: nights and neighbours stay apart.
_DAYS = text(f"""
    WITH planned AS (
      SELECT h.person_id, h.day, min(h.from_at) AS planned_from, max(h.till_at) AS planned_till
        FROM schedule h WHERE h.day BETWEEN :first AND :last AND h.from_at <= :now AND {SEEN}
       GROUP BY h.person_id, h.day
    )
    SELECT p.day, n.name, p.planned_from, p.planned_till, f.began_at, f.ended_at, coalesce(f.at_work, false) AS at_work,
           (SELECT kind FROM absence a WHERE a.person_id = p.person_id AND a.from_at < p.planned_till
               AND a.till_at > p.planned_from ORDER BY a.from_at LIMIT 1) AS absence
      FROM planned p JOIN person n ON n.id = p.person_id
      LEFT JOIN LATERAL (
        SELECT min(s.began_at) AS began_at, bool_or(s.ended_at IS NULL) AS at_work,
               CASE WHEN bool_or(s.ended_at IS NULL) THEN NULL ELSE max(s.ended_at) END AS ended_at
          FROM shift s WHERE s.person_id = p.person_id AND s.day BETWEEN p.day AND p.day + 1
           AND s.began_at < p.planned_till
           AND coalesce(s.ended_at, :now) > p.planned_from - interval '2 hours') f ON true
     WHERE CAST(:q AS text) = '' OR n.folded LIKE :q
     ORDER BY p.day DESC, n.name LIMIT :most
""")  # noqa: S608 - our own words


def of_period(viewer: Viewer, first: date, last: date, folded: str, now: datetime) -> Sequence[Day]:
    """Plans of these days that have begun, of the people whose chats the viewer supervises."""
    wanted = {"first": first, "last": last, "q": f"%{folded}%" if folded else "", "most": MOST, "now": now}
    return [_day(row, now) for row in db.session.execute(_DAYS, wanted | whose(viewer))]


def _day(row: Any, now: datetime) -> Day:
    came = row.began_at is not None
    until = row.ended_at if row.ended_at is not None else now
    late = (row.began_at if came else now) - row.planned_from
    early = row.planned_till - until if came and not row.at_work else None
    return Day(
        **row._mapping,
        late=max(0, round(late.total_seconds())) if came or now < row.planned_till else 0,
        early=max(0, round(early.total_seconds())) if early else 0,
        missed=not came and row.absence is None and now >= row.planned_till,
    )
