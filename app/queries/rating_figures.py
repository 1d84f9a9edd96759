"""Ratings counted: how many were asked and answered, which marks, by whom, about what, where (clauses 9.6, 1.7)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from app.base.clock import day_bounds
from app.base.crypt import opened
from app.base.masks import masked
from app.models.chat import MANAGE
from app.models.db import db
from app.models.permission import Scope
from app.models.rating import LOW, SCALE, is_low
from app.models.viewer import Viewer
from app.queries import settings

SHOWN = 50


@dataclass(frozen=True)
class Wanted:
    """Days are the bank's, both included, by when the client was asked. Ids of None leave the field out."""

    since: date
    until: date
    operator: int | None = None
    group: int | None = None
    topic: int | None = None
    channel: int | None = None


@dataclass(frozen=True)
class Line:
    """`mean` is on the present scale; None while nobody has answered. `share`: per cent of the asked who answered."""

    name: Any
    asked: int
    rated: int
    mean: float | None
    low: int

    @property
    def share(self) -> int:
        return round(100 * self.rated / self.asked) if self.asked else 0


@dataclass(frozen=True)
class Answer:
    """A mark with what was said to it. `why`: why it is left out of the figures."""

    id: int
    chat_id: int
    at: datetime
    mark: int
    scale: int
    comment: str
    operator: str | None
    channel: str
    excluded: bool
    excluded_by: str | None
    why: str

    @property
    def is_low(self) -> bool:
        return is_low(self.mark, self.scale, int(settings.value(LOW)))


# A chat that has several topics counts under each of them, and once in the whole. A topic holds what is below it.
_OF = """
    FROM rating r JOIN channel h ON h.id = r.channel_id LEFT JOIN person p ON p.id = r.operator_id
     LEFT JOIN staff_group g ON g.id = r.group_id {joins}
    WHERE r.asked_at >= :since AND r.asked_at < :until AND (:everything OR r.group_id = ANY(:groups))
      AND (CAST(:operator AS bigint) IS NULL OR r.operator_id = :operator)
      AND (CAST(:group AS bigint) IS NULL OR r.group_id = :group)
      AND (CAST(:channel AS bigint) IS NULL OR r.channel_id = :channel)
      AND (CAST(:topic AS bigint) IS NULL OR EXISTS (
             WITH RECURSIVE below AS (SELECT id FROM topic WHERE id = :topic UNION ALL
                                      SELECT t.id FROM topic t JOIN below b ON t.parent_id = b.id)
             SELECT 1 FROM episode_topic et JOIN below USING (id) WHERE et.episode_id = r.episode_id))
""".replace("JOIN below USING (id)", "JOIN below ON below.id = et.topic_id")
_COUNTS = """count(*) AS asked, count(r.mark) AS rated, avg(r.mark::numeric * :scale / r.scale) AS mean,
           count(*) FILTER (WHERE r.mark * 5 <= :low_of_five * r.scale) AS low"""
_COUNTED = f"{_OF} AND r.excluded_at IS NULL"
_WHOLE = text(f"SELECT {_COUNTS} {_COUNTED.format(joins='')}")
_MARKS = text(f"""
    SELECT ceil(r.mark::numeric * :scale / r.scale)::int AS mark, count(*) AS times
      {_COUNTED.format(joins="")} AND r.mark IS NOT NULL GROUP BY 1
""")
_TOPICS = "JOIN episode_topic et ON et.episode_id = r.episode_id JOIN topic t ON t.id = et.topic_id"
_BY = {
    "operator": text(f"SELECT p.name, {_COUNTS} {_COUNTED.format(joins='')} GROUP BY p.id, p.name ORDER BY 2 DESC, 1"),
    "group": text(
        f"SELECT g.names AS name, {_COUNTS} {_COUNTED.format(joins='')} GROUP BY g.id, g.names ORDER BY 2 DESC"
    ),
    "topic": text(f"""
        SELECT t.names AS name, {_COUNTS} {_COUNTED.format(joins=_TOPICS)}
         GROUP BY t.id, t.names ORDER BY 2 DESC LIMIT 100
    """),
    "channel": text(f"SELECT h.name, {_COUNTS} {_COUNTED.format(joins='')} GROUP BY h.id, h.name ORDER BY 2 DESC, 1"),
}
_ANSWERS = text(f"""
    SELECT r.id, r.chat_id, r.rated_at, r.mark, r.scale, r.comment, p.name AS operator, h.name AS channel,
           r.excluded_at IS NOT NULL AS excluded, x.name AS excluded_by, r.excluded_why
      {_OF.format(joins="LEFT JOIN person x ON x.id = r.excluded_by")}
      AND r.mark IS NOT NULL AND (CAST(:before AS bigint) IS NULL OR r.id < :before)
      AND (NOT :spoken OR r.comment IS NOT NULL) AND (NOT :low OR r.mark * 5 <= :low_of_five * r.scale)
    ORDER BY r.id DESC LIMIT :most
""")
_OPERATORS = text("""
    SELECT p.id, p.name FROM person p WHERE EXISTS (SELECT 1 FROM rating r WHERE r.operator_id = p.id
       AND (:everything OR r.group_id = ANY(:groups))) ORDER BY p.name
""")
_REACHED = text("SELECT 1 FROM rating WHERE id = :id AND (:everything OR group_id = ANY(:groups))")


def whole(viewer: Viewer, wanted: Wanted) -> Line:
    row = db.session.execute(_WHOLE, _values(viewer, wanted)).one()
    return _line(None, row)


def marks(viewer: Viewer, wanted: Wanted) -> list[tuple[int, int]]:
    """How often each mark of the present scale was given, the best first."""
    found = {row.mark: row.times for row in db.session.execute(_MARKS, _values(viewer, wanted))}
    return [(mark, found.get(mark, 0)) for mark in range(scale(), 0, -1)]


def by(viewer: Viewer, wanted: Wanted, what: str) -> list[Line]:
    """Lines of `operator`, `group`, `topic` or `channel`."""
    return [_line(row[0], row) for row in db.session.execute(_BY[what], _values(viewer, wanted))]


def answers(
    viewer: Viewer, wanted: Wanted, *, spoken: bool = False, low: bool = False, before: int | None = None
) -> list[Answer]:
    """The newest marks; `spoken`: only those with a comment, `low`: only low ones. One more than is shown."""
    values = {**_values(viewer, wanted), "spoken": spoken, "low": low, "before": before, "most": SHOWN + 1}
    return [
        Answer(
            row.id,
            row.chat_id,
            row.rated_at,
            row.mark,
            row.scale,
            masked(opened(row.comment, "rating.comment", row.id)),
            row.operator,
            row.channel,
            row.excluded,
            row.excluded_by,
            masked(opened(row.excluded_why, "rating.excluded_why", row.id)),
        )
        for row in db.session.execute(_ANSWERS, values)
    ]


def operators(viewer: Viewer) -> list[tuple[int, str]]:
    """Whoever has ever been rated, as far as the viewer's scope reaches."""
    return [(row.id, row.name) for row in db.session.execute(_OPERATORS, _reach(viewer))]


def reached(viewer: Viewer, rating_id: int) -> bool:
    """Whether a rating lies within the viewer's scope."""
    return db.session.scalar(_REACHED, {"id": rating_id, **_reach(viewer)}) is not None


def scale() -> int:
    return int(settings.value(SCALE))


def _values(viewer: Viewer, wanted: Wanted) -> dict[str, Any]:
    return {
        "since": day_bounds(wanted.since)[0],
        "until": day_bounds(wanted.until)[1],
        "operator": wanted.operator,
        "group": wanted.group,
        "topic": wanted.topic,
        "channel": wanted.channel,
        "scale": scale(),
        "low_of_five": int(settings.value(LOW)),
        **_reach(viewer),
    }


def _reach(viewer: Viewer) -> dict[str, Any]:
    return {"everything": viewer.scope(MANAGE) is Scope.ALL, "groups": list(viewer.groups)}


def _line(name: Any, row: Any) -> Line:
    return Line(name, row.asked, row.rated, None if row.mean is None else round(float(row.mean), 2), row.low)
