"""The supervisors' boards: operators and what they are doing; the queue in its order, with who could take each chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.base.crypt import opened
from app.models.db import db
from app.models.dispatch import Candidate, Not
from app.queries import candidates, dispatching, settings, waiting
from app.queries.load import LOADS

WINDOW = 100
_NAMED = 3


@dataclass(frozen=True)
class Operator:
    """One line. `since`: in this status, `recommended` minutes at most; `waits`: clients without an answer."""

    person_id: int
    name: str
    status_names: dict[str, str] | None
    colour: str
    takes_new: bool
    since: datetime | None
    recommended: int | None
    load: float
    capacity: int
    chats: int
    waits: int
    waits_since: datetime | None
    offered: int
    groups: list[dict[str, str]]
    languages: list[str]

    def over(self, now: datetime) -> bool:
        """Whether the status lasts longer than recommended."""
        return bool(self.since and self.recommended and now - self.since > timedelta(minutes=self.recommended))


@dataclass(frozen=True)
class Line:
    """A waiting chat. `able`: who has a free hand for it, the first few by name; `none`: why there is nobody."""

    chat_id: int
    name: str
    channel_name: str
    language: str | None
    group_names: dict[str, str] | None
    segment_names: dict[str, str] | None
    score: int
    points: int
    waits_since: datetime | None
    queued_at: datetime | None
    level: int
    offered_name: str | None
    able: list[str]
    able_count: int
    none: str


@dataclass(frozen=True)
class Sums:
    """Over the boards: how many wait, the longest wait, how many are free; chats mended in the last day."""

    waiting: int
    longest: datetime | None
    at_work: int
    mended: int


_OPERATORS = text(f"""
    WITH {LOADS}
    SELECT p.id AS person_id, p.name, w.names AS status_names, coalesce(w.colour, '') AS colour,
           coalesce(w.takes_new_chats, false) AS takes_new, d.began_at AS since, w.recommended_minutes AS recommended,
           coalesce(l.load, 0) AS load, coalesce(p.capacity, :usual) AS capacity, coalesce(o.chats, 0) AS chats,
           coalesce(o.waits, 0) AS waits, o.waits_since,
           (SELECT count(*) FROM standing f WHERE f.offered_to = p.id AND f.offered_until > :now) AS offered,
           coalesce((SELECT jsonb_agg(g.names ORDER BY g.position, g.id) FROM group_member m
                       JOIN staff_group g ON g.id = m.group_id WHERE m.person_id = p.id), '[]') AS groups,
           coalesce((SELECT array_agg(language ORDER BY language) FROM person_language n WHERE n.person_id = p.id),
                    '{{}}') AS languages
      FROM person p
      LEFT JOIN status_span d ON d.person_id = p.id AND d.ended_at IS NULL
      LEFT JOIN work_status w ON w.id = d.status_id
      LEFT JOIN load l ON l.person_id = p.id
      LEFT JOIN (SELECT owner_id, count(*) AS chats, count(waits_since) AS waits, min(waits_since) AS waits_since
                   FROM standing WHERE owner_id IS NOT NULL GROUP BY owner_id) o ON o.owner_id = p.id
     WHERE p.blocked_at IS NULL AND p.deleted_at IS NULL
       AND (d.id IS NOT NULL OR o.chats > 0 OR :everybody)
       AND p.id IN (SELECT pr.person_id FROM person_role pr JOIN role_permission rp USING (role_id)
                     WHERE rp.permission = 'chats.answer')
       AND (CAST(:group_id AS bigint) IS NULL
            OR EXISTS (SELECT 1 FROM group_member m WHERE m.person_id = p.id AND m.group_id = :group_id))
     ORDER BY d.id IS NULL, w.position, p.name LIMIT 1000
""")  # noqa: S608 - our own words
_LINES = text(f"""
    SELECT s.chat_id, k.id AS customer_id, k.name, h.name AS channel_name, s.language, g.names AS group_names,
           sg.names AS segment_names, s.score, s.points, s.waits_since, s.queued_at, s.level, p.name AS offered_name
      FROM (SELECT * FROM standing s
             WHERE s.stage = 'queue' AND (CAST(:group_id AS bigint) IS NULL OR s.group_id = :group_id)
               AND (CAST(:language AS text) IS NULL OR s.language = :language)
             ORDER BY s.score DESC, s.waits_since NULLS LAST, s.last_at LIMIT {WINDOW}) s
      JOIN chat c ON c.id = s.chat_id JOIN customer k ON k.id = c.customer_id
      JOIN identity i ON i.id = s.identity_id JOIN channel h ON h.id = i.channel_id
      LEFT JOIN staff_group g ON g.id = s.group_id LEFT JOIN segment sg ON sg.id = k.segment_id
      LEFT JOIN person p ON p.id = s.offered_to
     ORDER BY s.score DESC, s.waits_since NULLS LAST, s.last_at
""")  # noqa: S608 - our own words
_SUMS = text("""
    SELECT (SELECT count(*) FROM standing WHERE stage = 'queue') AS waiting,
           (SELECT min(waits_since) FROM standing WHERE stage = 'queue') AS longest,
           (SELECT count(*) FROM status_span d JOIN work_status w ON w.id = d.status_id
             WHERE d.ended_at IS NULL AND w.takes_new_chats) AS at_work,
           (SELECT count(*) FROM routing_trace WHERE what = 'repaired' AND at > :day_ago) AS mended
""")
_STATUSES = text("SELECT id, names FROM work_status WHERE archived_at IS NULL AND code IS NULL ORDER BY position, id")
_MENDED = text("""
    SELECT chat_id, at, data->>'flaw' AS flaw FROM routing_trace WHERE what = 'repaired' AND at > :day_ago
     ORDER BY at DESC LIMIT 50
""")


def operators(now: datetime, group_id: int | None = None, everybody: bool = False) -> list[Operator]:
    """Who is at work, and who has chats although not; `everybody`: also those who are neither."""
    values = {"now": now, "usual": settings.value(dispatching.CAPACITY), "group_id": group_id, "everybody": everybody}
    rows = db.session.execute(_OPERATORS, values)
    return [Operator(**{**row._mapping, "load": float(row.load)}) for row in rows]


def lines(now: datetime, group_id: int | None = None, language: str | None = None) -> list[Line]:
    """The head of the queue, the next one first."""
    rows = db.session.execute(_LINES, {"group_id": group_id, "language": language}).all()
    people, ways = candidates.pool(now), candidates.ways()
    chats = {chat.chat_id: chat for chat in waiting.these([row.chat_id for row in rows])}
    found = []
    for row in rows:
        choice = candidates.choose(chats[row.chat_id], people, ways, now)
        able = _able(people, choice.person_id, choice.passed)
        told: dict[str, Any] = {**row._mapping, "name": opened(row.name, "customer.name", row.customer_id)}
        told.pop("customer_id")
        none = "" if able else _why_nobody(people, choice.passed)
        found.append(Line(**told, able=able[:_NAMED], able_count=len(able), none=none))
    return found


def statuses() -> Sequence[tuple[int, dict[str, str]]]:
    """What a supervisor may put somebody into."""
    return [tuple(row) for row in db.session.execute(_STATUSES)]


def sums(now: datetime) -> Sums:
    return Sums(*db.session.execute(_SUMS, {"day_ago": now - timedelta(days=1)}).one())


def mended(now: datetime) -> Sequence[tuple[int, datetime, str]]:
    """Chats that the sweeper mended in the last day, the newest first."""
    return [tuple(row) for row in db.session.execute(_MENDED, {"day_ago": now - timedelta(days=1)})]


def _able(people: Sequence[Candidate], chosen: int | None, passed: dict[int, Not]) -> list[str]:
    """Names of those who could take it now, the one who would get it first."""
    return [one.name for one in people if one.person_id == chosen] + [
        one.name for one in people if passed.get(one.person_id) is Not.LATER
    ]


def _why_nobody(people: Sequence[Candidate], passed: dict[int, Not]) -> str:
    """The nearest reason: somebody is full before nobody speaks the language."""
    order = (Not.ASKED, Not.FULL, Not.REFUSED, Not.ABSENT, Not.SCHEDULE, Not.STATUS, Not.GROUP, Not.SKILL, Not.LANGUAGE)
    reasons = set(passed.values())
    return next((reason.value for reason in order if reason in reasons), "nobody" if not people else "")
