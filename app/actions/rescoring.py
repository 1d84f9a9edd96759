"""Keep the order of the queue true: points by the rules in force, and what waiting has earned since (clause 1.4)."""

from datetime import datetime

from sqlalchemy import text

from app.models.curve import STEP_SECONDS
from app.models.db import db, retried, transaction
from app.queries import facts, rules

_BATCH = 200
_MOST_BATCHES = 50

# Whatever is being changed at this moment is counted next time: rows are locked in order and never waited for.
_STALE = text("""
    SELECT s.chat_id, :version + k.version AS version
      FROM standing s JOIN chat c ON c.id = s.chat_id
      JOIN customer o ON o.id = c.customer_id JOIN customer k ON k.id = coalesce(o.merged_into, o.id)
     WHERE s.stage = 'queue' AND s.points_version <> :version + k.version
     ORDER BY s.chat_id LIMIT :most FOR UPDATE OF s SKIP LOCKED
""")
_POINT = text("""
    UPDATE standing s SET points = w.points, points_version = w.version
      FROM unnest(CAST(:chat_ids AS bigint[]), CAST(:points AS int[]), CAST(:versions AS bigint[]))
        AS w (chat_id, points, version)
     WHERE s.chat_id = w.chat_id AND s.stage = 'queue'
""")

# The curve of app/models/curve.py, said in SQL: waiting in whole steps, evenly from knot to knot, rounded down.
EARNED = f"""
    (SELECT k.points + CASE WHEN k.to_minutes IS NULL THEN 0 ELSE
              floor(((k.to_points - k.points) * (w.waited - 60 * k.minutes))::numeric
                    / (60 * (k.to_minutes - k.minutes)))::int END
       FROM (SELECT minutes, points, lead(minutes) OVER o AS to_minutes, lead(points) OVER o AS to_points
               FROM unnest(CAST(:minutes AS int[]), CAST(:knots AS int[])) AS n (minutes, points)
             WINDOW o AS (ORDER BY minutes)) k,
            (SELECT floor(greatest(0, extract(epoch FROM CAST(:now AS timestamptz) - {{since}}))
                          / {STEP_SECONDS})::int * {STEP_SECONDS} AS waited) w
      WHERE w.waited >= 60 * k.minutes ORDER BY k.minutes DESC LIMIT 1)
"""  # noqa: S608 - our own words
"""Points of waiting since `since`; needs :now, :minutes and :knots."""

SINCE = "coalesce(q.waits_since, q.queued_at, q.last_at)"
_RESCORE = text(f"""
    WITH n AS (
      SELECT q.chat_id, q.points + w.earned AS score
        FROM standing q CROSS JOIN LATERAL (SELECT {EARNED.format(since=SINCE)} AS earned) w
       WHERE q.stage = 'queue' AND q.score <> q.points + w.earned
       ORDER BY q.chat_id FOR UPDATE OF q SKIP LOCKED
    )
    UPDATE standing s SET score = n.score FROM n WHERE s.chat_id = n.chat_id
""")  # noqa: S608 - our own words


def rescore(now: datetime) -> int:
    """Bring the scores of all waiting chats up to date; how many changed. Chats in work keep what they had."""
    _count_anew(now)
    return _earn(now)


@retried
def _earn(now: datetime) -> int:
    curve = rules.current().curve
    values = {"now": now, "minutes": [minutes for minutes, _ in curve], "knots": [points for _, points in curve]}
    with transaction():
        return int(db.session.execute(_RESCORE, values).rowcount)  # type: ignore[attr-defined]


def _count_anew(now: datetime) -> None:
    """Points of those that were counted by other rules, or before the client's card was changed, or not yet."""
    for _ in range(_MOST_BATCHES):
        if not _count_some(now):
            return


@retried
def _count_some(now: datetime) -> int:
    asked = {"version": rules.current().version, "most": _BATCH}
    with transaction():
        versions = {row.chat_id: row.version for row in db.session.execute(_STALE, asked)}
        found = facts.of_chats(versions) if versions else {}
        counted = [rules.total(rules.points(found[one], now)) if one in found else 0 for one in versions]
        if versions:
            values = {"chat_ids": list(versions), "points": counted, "versions": list(versions.values())}
            db.session.execute(_POINT, values)
    return len(versions)
