"""The rules in use: where a chat goes, and how many points it has. Cached like settings; Redis is not needed.

`facts.of_chat` gathers what rules ask of a chat.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from sqlalchemy import select

from app.models.condition import Condition, Known, all_hold, conditions_of
from app.models.curve import Curve
from app.models.db import AWAY, db
from app.models.group import Group
from app.models.hours import Hours
from app.models.person import Person
from app.models.rule import Decision, Facts, Knot, Outcome, Point, RoutingRule, RulesVersion, ScoreRule, outcome_of
from app.models.skill import Skill
from app.models.topic import Topic

_FRESH_SECONDS = 2.0
# By how much a change of the rules counts more than one of a client's card: see actions/rescoring.
_STRIDE = 1_000_000
# Topics, hours, groups and people have no version of their own.
_RELOAD_SECONDS = 10.0


@dataclass(frozen=True)
class Rule:
    """A routing rule, read. Its outcome names only what is still in use."""

    id: int
    names: dict[str, str]
    conditions: tuple[Condition, ...]
    outcome: Outcome


@dataclass(frozen=True)
class Score:
    id: int
    names: dict[str, str]
    conditions: tuple[Condition, ...]
    points: int


@dataclass(frozen=True)
class InUse:
    """Groups, skills and people that a chat can be given to."""

    groups: frozenset[int]
    skills: frozenset[int]
    people: frozenset[int]

    def of(self, outcome: Outcome) -> Outcome:
        """The outcome without what is out of use: no chat waits for whoever will not come."""
        return replace(
            outcome,
            group=outcome.group if outcome.group in self.groups else None,
            person=outcome.person if outcome.person in self.people else None,
            skills=tuple(one for one in outcome.skills if one in self.skills),
        )


@dataclass(frozen=True)
class RuleSet:
    """All that decides together, so that a changed set can be tried beside the one in use."""

    version: int = 0
    rules: tuple[Rule, ...] = ()
    scores: tuple[Score, ...] = ()
    curve: Curve = ((0, 0),)
    known: Known = Known()  # noqa: RUF009 - a frozen value


class _Cache:
    def __init__(self) -> None:
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        self.checked, self.loaded, self.found = 0.0, 0.0, RuleSet(version=-1)

    @property
    def fresh(self) -> bool:
        return time.monotonic() - self.checked < _FRESH_SECONDS


_cache = _Cache()


def decide(facts: Facts, now: datetime, among: RuleSet | None = None) -> Decision:
    """The first rule that holds decides; a rule whose group or person is gone leaves that part to everybody."""
    rules = among or current()
    for rule in rules.rules:
        if all_hold(rule.conditions, facts, rules.known, now):
            found = rule.outcome
            return Decision(rule.id, found.group, found.person, found.skills, found.priority, found.assistant)
    return Decision()


def points(facts: Facts, now: datetime, among: RuleSet | None = None) -> list[Point]:
    """What a chat's points consist of: every score rule that holds, and the priority of the rule that decides.

    Their sum is `standing.points`; what waiting earns comes on top of it.
    """
    rules = among or current()
    found = [
        Point(score.names, score.points, rule_id=score.id)
        for score in rules.scores
        if all_hold(score.conditions, facts, rules.known, now)
    ]
    decision = decide(facts, now, rules)
    names = {rule.id: rule.names for rule in rules.rules}
    if decision.rule_id is not None and decision.priority:
        found.append(Point(names[decision.rule_id], decision.priority, "priority", decision.rule_id))
    return found


def total(points: Iterable[Point]) -> int:
    return sum(point.points for point in points)


def current() -> RuleSet:
    """The rules in use, at most two seconds old."""
    if _cache.fresh:
        return _cache.found
    with _cache.lock:
        if not _cache.fresh:  # whoever had the lock has asked for all
            _ask()
    return _cache.found


def _ask() -> None:
    try:
        _refresh()
    except AWAY:  # the database is away: what is known serves until it is back
        db.session.rollback()
    _cache.checked = time.monotonic()


def forget() -> None:
    """The next question asks the database: for whoever has just changed a rule, and for tests."""
    _cache.forget()


def load() -> RuleSet:
    """The rules as they stand in the database."""
    return RuleSet(_version(), _rules(), _scores(), _curve(), _known())


def with_rule(rules: RuleSet, tried: Rule, place: int | None = None) -> RuleSet:
    """The set with one rule instead of its former self, or a new one (id 0) at its place or the end."""
    others = [one for one in rules.rules if one.id != tried.id]
    at = next((number for number, one in enumerate(rules.rules) if one.id == tried.id), len(others))
    others.insert(at if place is None else place, tried)
    return replace(rules, rules=tuple(others))


def _refresh() -> None:
    version = _version()
    if version != _cache.found.version or time.monotonic() - _cache.loaded > _RELOAD_SECONDS:
        _cache.found = load()
        _cache.loaded = time.monotonic()


def _version() -> int:
    return _STRIDE * (db.session.scalar(select(RulesVersion.number)) or 0)


def _rules() -> tuple[Rule, ...]:
    rows = db.session.execute(
        select(RoutingRule.id, RoutingRule.names, RoutingRule.conditions, RoutingRule.outcome)
        .where(RoutingRule.archived_at.is_(None))
        .order_by(RoutingRule.position, RoutingRule.id)
    ).all()
    usable = in_use()
    return tuple(
        Rule(row.id, row.names, conditions_of(row.conditions), usable.of(outcome_of(row.outcome))) for row in rows
    )


def in_use() -> InUse:
    """What an outcome may name at present."""
    return InUse(
        frozenset(db.session.scalars(select(Group.id).where(Group.archived_at.is_(None)))),
        frozenset(db.session.scalars(select(Skill.id).where(Skill.archived_at.is_(None)))),
        frozenset(
            db.session.scalars(select(Person.id).where(Person.deleted_at.is_(None), Person.blocked_at.is_(None)))
        ),
    )


def _scores() -> tuple[Score, ...]:
    rows = db.session.execute(
        select(ScoreRule.id, ScoreRule.names, ScoreRule.conditions, ScoreRule.points)
        .where(ScoreRule.archived_at.is_(None))
        .order_by(ScoreRule.position, ScoreRule.id)
    )
    return tuple(Score(row.id, row.names, conditions_of(row.conditions), row.points) for row in rows)


def _curve() -> Curve:
    rows = db.session.execute(select(Knot.minutes, Knot.points).order_by(Knot.minutes))
    return tuple((row.minutes, row.points) for row in rows) or ((0, 0),)


def _known() -> Known:
    hours = db.session.execute(select(Hours.id, Hours.week, Hours.holidays).where(Hours.archived_at.is_(None)))
    below: dict[int, set[int]] = {}
    parents = {row.id: row.parent_id for row in db.session.execute(select(Topic.id, Topic.parent_id))}
    for topic_id in parents:
        above: int | None = topic_id
        while above is not None and topic_id not in below.setdefault(above, set()):
            below[above].add(topic_id)
            above = parents.get(above)
    return Known(
        hours={row.id: (row.week, row.holidays) for row in hours},
        branches={topic_id: frozenset(found) for topic_id, found in below.items()},
    )
