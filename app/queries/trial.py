"""What rules would have made of the chats of a past day, beside what the present ones make of them (clause 5.1).

The client's first words are sealed; they are opened for the question and shown to nobody.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import text

from app.base.clock import day_bounds
from app.models.db import db
from app.models.group import GROUPS
from app.models.rule import Decision, Facts
from app.queries import facts, lists, rules
from app.queries.rules import RuleSet
from app.queries.trial_waits import Day, Waits, waits

MOST = 2000
MOST_SHOWN = 200
_BATCH = 200


@dataclass(frozen=True)
class Case:
    """A chat that would have gone another way."""

    chat_id: int
    at: datetime
    channel_name: str
    language: str | None
    before: Decision
    after: Decision


@dataclass(frozen=True)
class Trial:
    """`groups`: by group (None: everybody's queue) how many before and after. `more`: the day had more chats.

    `waits`: how long they waited before and after; None when nobody was at work by the records.
    """

    day: date
    tried: int
    more: bool
    groups: list[tuple[int | None, int, int]]
    differ: int
    cases: list[Case]
    waits: tuple[Waits, Waits] | None = None


_DAY = text(f"""
    SELECT e.id, e.chat_id, e.arrived_at, e.assigned_at, e.group_id, e.owner_id, h.name AS channel_name
      FROM episode e JOIN channel h ON h.id = e.channel_id
     WHERE e.direction = 'in' AND e.arrived_at >= :start AND e.arrived_at < :end
     ORDER BY e.arrived_at, e.id LIMIT {MOST + 1}
""")  # noqa: S608 - a number of ours

Decides = Callable[[Facts, Any], Decision]


def of_day(day: date, after: RuleSet, before: RuleSet | None = None) -> Trial:
    """The first 2,000 chats of a day in Tashkent. Without `before`: as the day itself went, by its chats' groups."""
    start, end = day_bounds(day)
    rows = db.session.execute(_DAY, {"start": start, "end": end}).all()
    by_before: Decides = (
        (lambda found, row: Decision(group_id=row.group_id))
        if before is None
        else (lambda found, row: rules.decide(found, found.at, before))
    )
    gone, would, cases, differ = Counter[int | None](), Counter[int | None](), list[Case](), 0
    read = list(_read(rows[:MOST]))
    for row, found in read:
        was, now = by_before(found, row), rules.decide(found, found.at, after)
        gone[was.group_id] += 1
        would[now.group_id] += 1
        if _differs(was, now, whole=before is not None):
            differ += 1
            cases.append(Case(row.chat_id, row.arrived_at, row.channel_name, found.language, was, now))
    groups = [(one, gone[one], would[one]) for one in _in_order(gone.keys() | would.keys())]
    return Trial(
        day,
        min(len(rows), MOST),
        len(rows) > MOST,
        groups,
        differ,
        cases[:MOST_SHOWN],
        _waits(read, before, after, start, end),
    )


def _waits(
    read: Sequence[tuple[Any, Facts]], before: RuleSet | None, after: RuleSet, start: datetime, end: datetime
) -> tuple[Waits, Waits] | None:
    """Without `before`: how long they waited indeed."""
    lived = Day(read, start, end)
    if not lived.known:
        return None
    if before is not None:
        return lived.under(before), lived.under(after)
    taken = [(row.assigned_at - row.arrived_at).total_seconds() for row, _found in read if row.assigned_at]
    return waits(taken, len(read) - len(taken)), lived.under(after)


def _read(rows: Any) -> Iterator[tuple[Any, Facts]]:
    rest = iter(rows)
    while batch := list(islice(rest, _BATCH)):
        found = facts.of_episodes([row.id for row in batch])
        yield from ((row, found[row.id]) for row in batch if row.id in found)


def _differs(was: Decision, now: Decision, *, whole: bool) -> bool:
    """Of a day as it went only the group is known: whoever answered may have been given it by hand."""
    if not whole:
        return was.group_id != now.group_id
    return _told(was) != _told(now)


def _told(decision: Decision) -> tuple[Any, ...]:
    return decision.group_id, decision.person_id, decision.skill_ids, decision.priority, decision.assistant


def _in_order(group_ids: Any) -> list[int | None]:
    places: Mapping[int, int] = {group.id: place for place, group in enumerate(lists.rows(GROUPS))}
    return sorted(group_ids, key=lambda one: (one is None, places.get(one or 0, 10**6)))
