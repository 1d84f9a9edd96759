"""The waiting chats that somebody free can serve, in the queue's order; a page of them at a time."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import text

from app.models.db import db
from app.models.dispatch import Candidate, Waiting
from app.queries import dispatching

PAGE = 100


class Due(NamedTuple):
    """Offers that were not accepted in time; chats that more people are to be asked; chats that nobody is asked."""

    expired: bool
    wider: bool
    waits: bool


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
# The queue is walked in its order by its index, until the page is full: a CASE, because PostgreSQL takes conditions on
# arrays for rare ones and would rather read and sort the whole queue. The cheap ones stand first.
_PAGE = text(f"""
    WITH able AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(CAST(:able AS jsonb)) AS a (languages text[], skills bigint[], groups bigint[])
    ), page AS MATERIALIZED (
      SELECT * FROM standing s
       WHERE s.stage = 'queue' AND CASE
         WHEN s.offered_until > :now OR s.chat_id = ANY(:passed) THEN false
         WHEN NOT (s.language IS NULL OR s.language = ANY(:languages)
                   OR s.queued_at <= CAST(:foreign AS timestamptz)) IS TRUE THEN false
         WHEN NOT s.skill_ids <@ CAST(:skills AS bigint[]) THEN false
         ELSE EXISTS (
           SELECT 1 FROM able a
            WHERE (s.language IS NULL OR s.language = ANY(a.languages) OR s.queued_at <= CAST(:foreign AS timestamptz))
              AND s.skill_ids <@ a.skills
              AND (s.group_id IS NULL OR s.group_id = ANY(a.groups) OR s.level >= 2 OR s.wished_id IS NOT NULL
                   OR s.level = 1 AND EXISTS (SELECT 1 FROM staff_group g WHERE g.id = s.group_id
                                                 AND (g.wider_ids = '{{}}' OR g.wider_ids && a.groups))))
         END
       ORDER BY s.score DESC, s.waits_since NULLS LAST, s.last_at LIMIT :most
    )
    {_COLUMNS} FROM page s {_JOINS}
     ORDER BY s.score DESC, s.waits_since NULLS LAST, s.last_at
""")  # noqa: S608 - our own words
# The same conditions as those who do it have: offers.expired, widening.widen, page.
_DUE = text("""
    SELECT EXISTS (SELECT FROM standing WHERE offered_to IS NOT NULL AND offered_until <= :now) AS expired,
           EXISTS (SELECT FROM staff_group g WHERE g.wider_after_s IS NOT NULL AND EXISTS (
                     SELECT FROM standing s WHERE s.stage = 'queue' AND s.level < 2 AND s.group_id = g.id
                        AND s.queued_at <= :now - make_interval(secs => g.wider_after_s * (s.level + 1)))) AS wider,
           EXISTS (SELECT FROM standing
                    WHERE stage = 'queue' AND (offered_to IS NULL OR offered_until <= :now)) AS waits
""")
_THESE = text(f"""
    {_COLUMNS} FROM standing s {_JOINS} WHERE s.chat_id = ANY(:chat_ids)
     ORDER BY s.score DESC, s.waits_since NULLS LAST, s.last_at
""")


def due(now: datetime) -> Due:
    """What there is to do: most looks find nothing, and need not ask who is at work."""
    return Due(*db.session.execute(_DUE, {"now": now}).one())


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
