"""The waiting chats that somebody free can serve, in the queue's order; a page of them at a time."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.models.db import db
from app.models.dispatch import Candidate, Waiting
from app.queries import dispatching

PAGE = 100

# What a chat asks for, and whom its client knows. Whoever let it pass is not asked at once again: `traced_at`.
_COLUMNS = """
    SELECT s.chat_id, s.language, s.skill_ids, s.group_id, s.level, s.wished_id, s.refused_ids,
           coalesce(s.queued_at, s.last_at) AS queued_at, h.weight,
           l.owner_id AS last_person_id, l.closed_at AS last_at,
           CASE WHEN s.refused_ids <> '{}' THEN (SELECT max(at) FROM routing_trace t WHERE t.chat_id = s.chat_id) END
             AS traced_at
"""
_JOINS = """
      JOIN identity i ON i.id = s.identity_id JOIN channel h ON h.id = i.channel_id
      LEFT JOIN LATERAL (SELECT owner_id, closed_at FROM episode e
                          WHERE e.chat_id = s.chat_id AND e.closed_at IS NOT NULL AND e.owner_id IS NOT NULL
                          ORDER BY e.number DESC LIMIT 1) l ON true
"""
# The cheap conditions stand first: a queue of ten thousand that nobody free can serve is walked without asking more.
_PAGE = text(f"""
    WITH able AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(CAST(:able AS jsonb)) AS a (languages text[], skills bigint[], groups bigint[])
    ), page AS MATERIALIZED (
      SELECT * FROM standing s
       WHERE s.stage = 'queue' AND (s.offered_to IS NULL OR s.offered_until <= :now)
         AND (s.language IS NULL OR s.language = ANY(:languages) OR s.queued_at <= CAST(:foreign AS timestamptz))
         AND s.skill_ids <@ CAST(:skills AS bigint[]) AND NOT s.chat_id = ANY(:passed)
         AND EXISTS (
           SELECT 1 FROM able a
            WHERE (s.language IS NULL OR s.language = ANY(a.languages) OR s.queued_at <= CAST(:foreign AS timestamptz))
              AND s.skill_ids <@ a.skills
              AND (s.group_id IS NULL OR s.group_id = ANY(a.groups) OR s.level >= 2 OR s.wished_id IS NOT NULL
                   OR s.level = 1 AND EXISTS (SELECT 1 FROM staff_group g WHERE g.id = s.group_id
                                                 AND (g.wider_ids = '{{}}' OR g.wider_ids && a.groups))))
       ORDER BY s.score DESC, s.waits_since NULLS LAST, s.last_at LIMIT :most
    )
    {_COLUMNS} FROM page s {_JOINS}
     ORDER BY s.score DESC, s.waits_since NULLS LAST, s.last_at
""")  # noqa: S608 - our own words
_ANYBODY = text("""
    SELECT EXISTS (SELECT FROM standing WHERE stage = 'queue' AND (offered_to IS NULL OR offered_until <= :now))
""")
_THESE = text(f"""
    {_COLUMNS} FROM standing s {_JOINS} WHERE s.chat_id = ANY(:chat_ids)
     ORDER BY s.score DESC, s.waits_since NULLS LAST, s.last_at
""")


def anybody(now: datetime) -> bool:
    """Whether a chat waits that is not offered to somebody: most looks find none, and need not ask who is at work."""
    return bool(db.session.scalar(_ANYBODY, {"now": now}))


def page(free: Sequence[Candidate], passed: Collection[int], now: datetime) -> list[Waiting]:
    """The first chats of the queue that somebody of these can serve; `passed`: not those.

    One free hand needs few of them; when these were passed over in vain, the next page is longer.
    """
    able = {(one.languages, one.skills, one.groups) for one in free}
    values = {
        "able": json.dumps([{"languages": [*a], "skills": [*b], "groups": [*c]} for a, b, c in able]),
        "languages": list({language for one in free for language in one.languages}),
        "skills": list({skill for one in free for skill in one.skills}),
        "passed": list(passed),
        "foreign": dispatching.foreign_since(now),
        "now": now,
        "most": min(PAGE, 5 * len(free) + len(passed)),
    }
    return [_waiting(row) for row in db.session.execute(_PAGE, values)]


def these(chat_ids: Collection[int]) -> list[Waiting]:
    """These open chats as if they waited, in the queue's order."""
    return [_waiting(row) for row in db.session.execute(_THESE, {"chat_ids": list(chat_ids)})]


def _waiting(row: Any) -> Waiting:
    return Waiting(
        chat_id=row.chat_id,
        language=row.language,
        skill_ids=frozenset(row.skill_ids),
        group_id=row.group_id,
        level=row.level,
        wished_id=row.wished_id,
        refused_ids=tuple(row.refused_ids),
        queued_at=row.queued_at,
        weight=row.weight / 10,
        last_person_id=row.last_person_id,
        last_at=row.last_at,
        traced_at=row.traced_at,
    )
