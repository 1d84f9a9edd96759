"""Topics as they are and as they were: paths at a moment, today's paths, branches, what a search finds (clause 9.5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import get_locale
from sqlalchemy import text

from app.base.fold import fold
from app.models.db import db
from app.models.names import Names, pick

FOUND = 30  # shown at once
_WORDS = 6

# How a topic's path was at a moment; what is older than its first version is shown as that.
_PATHS = text("""
    WITH RECURSIVE asked AS (
        SELECT * FROM unnest(CAST(:ids AS bigint[]), CAST(:moments AS timestamptz[])) AS a(topic_id, at)
    ), steps AS (
        SELECT topic_id, at, topic_id AS step, 0 AS height FROM asked
        UNION ALL
        SELECT s.topic_id, s.at, v.parent_id, s.height + 1
          FROM steps s CROSS JOIN LATERAL (
               SELECT parent_id FROM topic_version
                WHERE topic_id = s.step ORDER BY (since <= s.at) DESC,
                      CASE WHEN since <= s.at THEN since END DESC, since LIMIT 1) v
         WHERE v.parent_id IS NOT NULL AND s.height < 40
    )
    SELECT s.topic_id, s.at, coalesce(v.names, t.names) AS names
      FROM steps s JOIN topic t ON t.id = s.step LEFT JOIN LATERAL (
           SELECT names FROM topic_version
            WHERE topic_id = s.step ORDER BY (since <= s.at) DESC,
                  CASE WHEN since <= s.at THEN since END DESC, since LIMIT 1) v ON true
     ORDER BY s.topic_id, s.at, s.height DESC
""")

# Which topic stands for each today: what was merged leads on.
_HEIRS = text("""
    WITH RECURSIVE led AS (
        SELECT id AS asked, id, merged_into, 0 AS steps FROM topic WHERE id = ANY(:ids)
        UNION ALL
        SELECT l.asked, t.id, t.merged_into, l.steps + 1
          FROM led l JOIN topic t ON t.id = l.merged_into WHERE l.steps < 40
    )
    SELECT DISTINCT ON (asked) asked, id FROM led ORDER BY asked, steps DESC
""")

_NOW = text("""
    WITH RECURSIVE steps AS (
        SELECT id AS topic_id, id, parent_id, names, 0 AS height FROM topic WHERE id = ANY(:ids)
        UNION ALL
        SELECT s.topic_id, t.id, t.parent_id, t.names, s.height + 1
          FROM steps s JOIN topic t ON t.id = s.parent_id WHERE s.height < 40
    )
    SELECT topic_id, names FROM steps ORDER BY topic_id, height DESC
""")

# A topic with all below it today, archived ones too, and whatever was merged into any of these.
_BRANCH = text("""
    WITH RECURSIVE branch AS (
        SELECT id FROM topic WHERE id = :id
        UNION
        SELECT t.id FROM branch b JOIN topic t ON t.parent_id = b.id OR t.merged_into = b.id
    )
    SELECT id FROM branch
""")

# Every word asked for begins a word of the topic's own names or of those above it, in whatever language.
_FIND = text(f"""
    WITH RECURSIVE tree AS (
        SELECT id, ' ' || folded AS words, ' ' || folded AS own, ARRAY[position, id] AS place
          FROM topic WHERE parent_id IS NULL AND archived_at IS NULL
        UNION ALL
        SELECT t.id, tree.words || ' ' || t.folded, ' ' || t.folded, tree.place || ARRAY[t.position, t.id]
          FROM tree JOIN topic t ON t.parent_id = tree.id WHERE t.archived_at IS NULL
    )
    SELECT id FROM tree WHERE words LIKE ALL(:patterns)
     ORDER BY (own LIKE ANY(:patterns)) DESC, cardinality(place), place LIMIT {FOUND}
""")  # noqa: S608 - a number of ours

_VERSIONS = text("""
    SELECT since, until FROM topic_version WHERE topic_id = :id ORDER BY since DESC
""")


@dataclass(frozen=True)
class Choice:
    """A topic to choose. `why`: client, mine, group, or "" for what was searched for or is chosen already."""

    id: int
    path: str
    why: str = ""


@dataclass(frozen=True)
class Span:
    """One place and name a topic had. `since` is None where nobody wrote down when it began."""

    since: datetime | None
    until: datetime | None
    path: str


def path(topic_id: int, at: datetime) -> list[Names]:
    """The topic's names from the top of the tree down, as they were at this moment; empty for what never was."""
    return paths([(topic_id, at)]).get((topic_id, at), [])


def paths(asked: Iterable[tuple[int, datetime]]) -> dict[tuple[int, datetime], list[Names]]:
    """`path` of many at once, in one statement."""
    pairs = sorted(set(asked))
    values = {"ids": [one for one, _at in pairs], "moments": [at for _one, at in pairs]}
    found: dict[tuple[int, datetime], list[Names]] = {}
    for row in db.session.execute(_PATHS, values) if pairs else ():
        found.setdefault((row.topic_id, row.at), []).append(row.names)
    return found


def today(topic_ids: Iterable[int]) -> dict[int, list[Names]]:
    """Where each of these topics, or the one it was merged into, stands now."""
    led = heirs(topic_ids)
    standing = _standing(led.values())
    return {asked: standing[heir] for asked, heir in led.items() if heir in standing}


def heirs(topic_ids: Iterable[int]) -> dict[int, int]:
    """Which topic stands for each today: itself, unless it was merged."""
    return {row.asked: row.id for row in db.session.execute(_HEIRS, {"ids": list(set(topic_ids))})}


def branch(topic_id: int) -> list[int]:
    """The topic, all below it and all that was merged into these: what a report of this branch counts."""
    return list(db.session.scalars(_BRANCH, {"id": topic_id}))


def find(words: str) -> list[Choice]:
    """Topics in use with these words, written in any language and script; the best first."""
    patterns = [f"% {word}%" for word in fold(words).split()[:_WORDS]]
    return choices(db.session.scalars(_FIND, {"patterns": patterns}).all()) if patterns else []


def choices(topic_ids: Sequence[int], why: str = "") -> list[Choice]:
    """These topics as one chooses them, in this order."""
    standing = _standing(topic_ids)
    return [Choice(one, said(standing[one]), why) for one in topic_ids if one in standing]


def spans(topic_id: int) -> list[Span]:
    """What the topic was called and where it stood, the newest first. A change above it is not a change of its own."""
    rows = db.session.execute(_VERSIONS, {"id": topic_id}).all()
    named = paths((topic_id, row.since) for row in rows)
    return [Span(_known(row.since), row.until, said(named[topic_id, row.since])) for row in rows]


def said(names: Iterable[Names]) -> str:
    """Cards › Blocking › Unblocking, in the reader's language."""
    return " › ".join(pick(one, str(get_locale())) for one in names)


def _standing(topic_ids: Iterable[int]) -> dict[int, list[Names]]:
    found: dict[int, list[Names]] = {}
    for row in db.session.execute(_NOW, {"ids": list(set(topic_ids))}):
        found.setdefault(row.topic_id, []).append(row.names)
    return found


def _known(since: datetime) -> datetime | None:
    """The tree's first day is set to the beginning of time."""
    return since if since.year > 1970 else None
