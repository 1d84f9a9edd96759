"""Why a chat stands where it stands: its points one by one, its place, and the rule that sent it there (clause 5.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.models.db import db
from app.models.rule import Point
from app.queries import facts, rules


@dataclass(frozen=True)
class Why:
    """The score is `points`, `then` and `waiting` added up.

    `then`: what the chat had when it was counted last and would not have by the present rules; mostly 0. `place`: from
    the front, 1 is the next. `language`, `skills`: whoever is to answer must have them.
    """

    score: int
    points: tuple[Point, ...]
    then: int
    waiting: int
    waited: timedelta
    place: int
    of: int
    rule_names: Mapping[str, str] | None
    group_names: Mapping[str, str] | None
    wished: str | None
    language: str | None
    skills: tuple[Mapping[str, str], ...]


_WAITING = text("""
    SELECT s.score, s.points, s.language, coalesce(s.waits_since, s.queued_at, s.last_at) AS since,
           r.names AS rule_names, g.names AS group_names, p.name AS wished,
           (SELECT coalesce(jsonb_agg(k.names ORDER BY k.position, k.id), '[]')
              FROM skill k WHERE k.id = ANY(s.skill_ids)) AS skills,
           (SELECT count(*) FROM standing b WHERE b.stage = 'queue') AS everybody,
           (SELECT count(*) FROM standing b
             WHERE b.stage = 'queue' AND b.chat_id <> s.chat_id
               AND (b.score > s.score OR b.score = s.score
                    AND (coalesce(b.waits_since, 'infinity'), b.last_at, b.chat_id)
                      < (coalesce(s.waits_since, 'infinity'), s.last_at, s.chat_id))) AS before
      FROM standing s
      LEFT JOIN routing_rule r ON r.id = s.rule_id
      LEFT JOIN staff_group g ON g.id = s.group_id
      LEFT JOIN person p ON p.id = s.wished_id
     WHERE s.chat_id = :chat_id AND s.stage = 'queue'
""")


def of_chat(chat_id: int, now: datetime) -> Why | None:
    """For a chat that `visible.chat` gave; None when it does not wait in the queue."""
    row: Any = db.session.execute(_WAITING, {"chat_id": chat_id}).one_or_none()
    found = facts.of_chat(chat_id) if row is not None else None
    if row is None or found is None:
        return None
    points = tuple(rules.points(found, now))
    return Why(
        score=row.score,
        points=points,
        then=row.points - rules.total(points),
        waiting=row.score - row.points,
        waited=now - row.since,
        place=row.before + 1,
        of=row.everybody,
        rule_names=row.rule_names,
        group_names=row.group_names,
        wished=row.wished,
        language=row.language,
        skills=tuple(row.skills),
    )
