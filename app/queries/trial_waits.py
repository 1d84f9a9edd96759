"""How long the chats of a past day would have waited under a set of rules: the day lived through once more.

Who was at work and how long each chat was answered is taken from the records; languages, skills and groups of people
are those of today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.models.db import db
from app.models.dispatch import Candidate
from app.models.rule import Facts
from app.queries import candidates, dispatching, replay, settings
from app.queries.replay import Arrival, Turn
from app.queries.rules import RuleSet

# A chat nobody answered then would have been answered as long as a usual one.
_USUAL = timedelta(minutes=6)
_LONGEST = timedelta(hours=4)

_SPANS = text("""
    SELECT s.person_id, p.name, p.capacity, greatest(s.began_at, :start) AS began_at,
           least(coalesce(s.ended_at, :end), :end) AS ended_at,
           ARRAY(SELECT CASE WHEN language = 'ru_Latn' THEN 'ru' ELSE language END FROM person_language l
                  WHERE l.person_id = p.id) AS languages,
           ARRAY(SELECT skill_id FROM person_skill k WHERE k.person_id = p.id) AS skills,
           ARRAY(SELECT group_id FROM group_member g WHERE g.person_id = p.id) AS groups
      FROM status_span s JOIN work_status w ON w.id = s.status_id JOIN person p ON p.id = s.person_id
     WHERE w.takes_new_chats AND s.began_at < :end AND coalesce(s.ended_at, :end) > :start
     ORDER BY s.began_at, s.person_id
""")
_LASTED = text("""
    SELECT episode_id, sum(extract(epoch FROM ended_at - began_at))::float AS seconds FROM assignment
     WHERE episode_id = ANY(:ids) AND ended_at IS NOT NULL GROUP BY episode_id
""")
_WIDER = text("SELECT id, wider_after_s FROM staff_group WHERE wider_after_s IS NOT NULL")


@dataclass(frozen=True)
class Waits:
    """Seconds until somebody answered: half of the chats within `median`, nine of ten within `most`."""

    median: int
    most: int
    never: int


class Day:
    """The records of one day: chats with their facts, and who was given new chats when."""

    def __init__(self, chats: Sequence[tuple[Any, Facts]], start: datetime, end: datetime) -> None:
        lasted = {row.episode_id: row.seconds for row in db.session.execute(_LASTED, {"ids": [r.id for r, _ in chats]})}
        self._arrivals = [Arrival(row.id, row.arrived_at, found, _span(lasted.get(row.id))) for row, found in chats]
        self._turns = _turns(start, end)
        self._ways = candidates.ways()
        self._wider = {row.id: row.wider_after_s for row in db.session.execute(_WIDER)}

    @property
    def known(self) -> bool:
        """Whether anybody was at work by the records."""
        return bool(self._arrivals and self._turns)

    def under(self, chosen: RuleSet) -> Waits:
        """The day as these rules would have given its chats."""
        world = replay.World(self._arrivals, self._turns, self._ways, self._wider, chosen)
        seen = replay.by_rules(world)
        return waits([seconds for _arrival, seconds, _who in seen.answered], seen.left)


def waits(seconds: Sequence[float], never: int) -> Waits:
    found = sorted(seconds) or [0.0]
    return Waits(round(found[len(found) // 2]), round(found[min(len(found) - 1, len(found) * 9 // 10)]), never)


def _turns(start: datetime, end: datetime) -> list[Turn]:
    usual = settings.value(dispatching.CAPACITY)
    people: dict[int, Candidate] = {}
    turns = []
    for row in db.session.execute(_SPANS, {"start": start, "end": end}):
        person = people.setdefault(
            row.person_id,
            Candidate(
                person_id=row.person_id, name=row.name, takes_new=False, languages=frozenset(row.languages),
                skills=frozenset(row.skills), groups=frozenset(row.groups), load=0.0, capacity=row.capacity or usual,
                idle_since=None, given_at=None,
            ),
        )  # fmt: skip
        turns.append(Turn(person, row.began_at, row.ended_at, row.ended_at, row.ended_at))
    return turns


def _span(seconds: float | None) -> timedelta:
    return _USUAL if seconds is None else min(_LONGEST, timedelta(seconds=max(1.0, seconds)))
