"""Numbers of one person over a period, and the group's median beside them (clause 8.6). Meanings: docs/metrics.md."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import text
from sqlalchemy.sql.elements import TextClause

from app.base.clock import TASHKENT, day_bounds
from app.models.db import db
from app.models.numbers import COMPARE, FEWEST
from app.queries import settings

# Of episodes closed in the period: whose they were at the end, who said the first word, who had them in hands.
# To whom we wrote first did not wait for a first word.
_CLOSED = text("""
    SELECT e.owner_id AS person_id, count(*) AS closed, count(*) FILTER (WHERE e.outcome = 'solved') AS solved
      FROM episode e
     WHERE e.closed_at >= :since AND e.closed_at < :until AND e.owner_id = ANY(:people) GROUP BY e.owner_id
""")
_ANSWERS = text("""
    SELECT a.person_id, count(*) AS answered,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM e.first_reply_at - a.began_at)) AS answer,
           percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM e.first_reply_at - a.began_at)) AS answer_p90,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM e.first_reply_at - e.arrived_at)) AS waited
      FROM episode e
      JOIN LATERAL (SELECT * FROM assignment WHERE episode_id = e.id AND began_at <= e.first_reply_at
                     ORDER BY began_at DESC, id DESC LIMIT 1) a ON true
     WHERE e.closed_at >= :since AND e.closed_at < :until AND e.direction = 'in' AND a.person_id = ANY(:people)
     GROUP BY a.person_id
""")
_HANDLING = text("""
    SELECT person_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY spent) AS handling
      FROM (SELECT a.person_id, sum(extract(epoch FROM a.ended_at - a.began_at)) AS spent
              FROM episode e JOIN assignment a ON a.episode_id = e.id
             WHERE e.closed_at >= :since AND e.closed_at < :until AND a.person_id = ANY(:people)
               AND a.ended_at IS NOT NULL GROUP BY a.person_id, e.id) had
     GROUP BY person_id
""")
_RATINGS = text("""
    SELECT operator_id AS person_id, count(*) AS asked, count(mark) AS rated, avg(mark * 5.0 / scale) AS rating
      FROM rating
     WHERE asked_at >= :since AND asked_at < :until AND operator_id = ANY(:people) AND excluded_at IS NULL
     GROUP BY operator_id
""")
_OVER = text("""
    SELECT s.person_id, count(*) AS overruns, sum(s.spent - 60 * w.recommended_minutes) AS over
      FROM (SELECT person_id, status_id, extract(epoch FROM coalesce(ended_at, :now) - began_at) AS spent
              FROM status_span
             WHERE began_at >= :since AND began_at < least(:until, :now) AND person_id = ANY(:people)) s
      JOIN work_status w ON w.id = s.status_id
     WHERE s.spent > 60 * w.recommended_minutes GROUP BY s.person_id
""")
_ALL = (_CLOSED, _ANSWERS, _HANDLING, _RATINGS, _OVER)

_COLLEAGUES = text("""
    SELECT DISTINCT m.person_id FROM group_member mine JOIN group_member m USING (group_id)
      JOIN person p ON p.id = m.person_id AND p.deleted_at IS NULL
     WHERE mine.person_id = :me
""")
_STEPS = text("""
    SELECT date_trunc(:step, closed_at AT TIME ZONE 'Asia/Tashkent') AS begins, count(*) FROM episode
     WHERE closed_at >= :since AND closed_at < :until AND owner_id = :me GROUP BY 1
""")
_MARKS = text("""
    SELECT ceil(mark * 5.0 / scale)::int, count(*) FROM rating
     WHERE asked_at >= :since AND asked_at < :until AND operator_id = :me AND mark IS NOT NULL AND excluded_at IS NULL
     GROUP BY 1
""")
_TOPICS = text("""
    SELECT t.id, t.names, count(*) AS closed FROM episode e JOIN episode_topic x ON x.episode_id = e.id
      JOIN topic t ON t.id = x.topic_id
     WHERE e.closed_at >= :since AND e.closed_at < :until AND e.owner_id = :me
     GROUP BY t.id, t.names ORDER BY count(*) DESC, t.id LIMIT 10
""")
_STATUSES = text("""
    SELECT w.names, w.colour, w.counts_as_work,
           sum(extract(epoch FROM least(coalesce(s.ended_at, :now), :until) - greatest(s.began_at, :since))) AS spent,
           count(*) FILTER (WHERE s.began_at >= :since
             AND extract(epoch FROM coalesce(s.ended_at, :now) - s.began_at) > 60 * w.recommended_minutes) AS overruns
      FROM status_span s JOIN work_status w ON w.id = s.status_id
     WHERE s.person_id = :me AND s.began_at < least(:until, :now) AND coalesce(s.ended_at, :now) > :since
     GROUP BY w.id, w.names, w.colour, w.counts_as_work, w.position ORDER BY w.position
""")


@dataclass(frozen=True)
class Numbers:
    """Times in seconds; None: there is nothing to measure. `rating` is on the scale of five."""

    closed: int = 0
    solved: int = 0
    answered: int = 0
    answer: float | None = None
    answer_p90: float | None = None
    waited: float | None = None
    handling: float | None = None
    asked: int = 0
    rated: int = 0
    rating: float | None = None
    overruns: int = 0
    over: float = 0


@dataclass(frozen=True)
class Status:
    names: dict[str, str]
    colour: str
    works: bool
    spent: float
    overruns: int


@dataclass(frozen=True)
class Period:
    """Days of Tashkent, both included."""

    first: date
    last: date

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return day_bounds(self.first)[0], day_bounds(self.last)[1]

    @property
    def one_day(self) -> bool:
        return self.first == self.last


@dataclass(frozen=True)
class Page:
    """All that the page shows. `steps`: closed by hours of a day, or by days; `group` is empty when it is not shown."""

    mine: Numbers
    group: dict[str, float]
    steps: list[tuple[datetime, int]]
    marks: dict[int, int]
    topics: list[tuple[dict[str, str], int]]
    statuses: list[Status] = field(default_factory=list)


def page(person_id: int, period: Period, now: datetime) -> Page:
    """One's own numbers; of colleagues only medians, and none of fewer than three people."""
    since, until = period.bounds
    people = {person_id, *_colleagues(person_id)} if settings.value(COMPARE) else {person_id}
    found = of_people(people, since, until, now)
    mine = {"me": person_id, "since": since, "until": until, "now": now}
    return Page(
        mine=found.get(person_id, Numbers()),
        group=medians(found.values()),
        steps=_steps(
            period, {row[0]: row[1] for row in _rows(_STEPS, **mine, step="hour" if period.one_day else "day")}
        ),
        marks=dict.fromkeys(range(1, 6), 0) | {row[0]: row[1] for row in _rows(_MARKS, **mine)},
        topics=[(row.names, row.closed) for row in _rows(_TOPICS, **mine)],
        statuses=[Status(row[0], row[1], row[2], float(row[3]), row[4]) for row in _rows(_STATUSES, **mine)],
    )


def of_people(people: Collection[int], since: datetime, until: datetime, now: datetime) -> dict[int, Numbers]:
    """Whoever did nothing in the period is not there."""
    found: dict[int, dict[str, Any]] = {}
    for statement in _ALL:
        for row in _rows(statement, people=sorted(people), since=since, until=until, now=now):
            values = {name: _plain(value) for name, value in row._mapping.items() if name != "person_id"}
            found.setdefault(row.person_id, {}).update(values)
    return {person_id: Numbers(**values) for person_id, values in found.items()}


def medians(numbers: Iterable[Numbers]) -> dict[str, float]:
    """The median of each number over those who have it; a number that fewer than three have is left out."""
    everyone = list(numbers)
    found = {}
    for name in ("closed", "answer", "answer_p90", "waited", "handling", "rating", "overruns"):
        had = [value for one in everyone if (value := getattr(one, name)) is not None]
        if len(had) >= FEWEST:
            found[name] = float(median(had))
    return found


def _colleagues(person_id: int) -> list[int]:
    return list(db.session.scalars(_COLLEAGUES, {"me": person_id}))


def _steps(period: Period, closed: dict[datetime, int]) -> list[tuple[datetime, int]]:
    """Every hour of the day, or every day of the period, empty ones too."""
    first = datetime(period.first.year, period.first.month, period.first.day)
    step, count = (
        (timedelta(hours=1), 24) if period.one_day else (timedelta(days=1), (period.last - period.first).days + 1)
    )
    moments = [first + step * number for number in range(count)]
    return [(moment.replace(tzinfo=TASHKENT), closed.get(moment, 0)) for moment in moments]


def _rows(statement: TextClause, **values: Any) -> Any:
    return db.session.execute(statement, values)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else float(value)
