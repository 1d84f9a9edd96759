"""Who of the present queue would stand where, if the score were another (clause 5.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.models.curve import Curve, earned
from app.models.db import db
from app.queries import facts, rules
from app.queries.rules import RuleSet

MOST = 200


@dataclass(frozen=True)
class Moved:
    """A waiting chat without anything of its client: its number, and where it stands now and would stand."""

    chat_id: int
    channel_name: str
    segment_names: Mapping[str, str] | None
    waited: timedelta
    score_now: int
    score_then: int
    place_now: int
    place_then: int

    @property
    def by(self) -> int:
        """How many places forward; less than 0 is back."""
        return self.place_now - self.place_then


_QUEUE = text(f"""
    SELECT s.chat_id, h.name AS channel_name, g.names AS segment_names, s.score,
           coalesce(s.waits_since, s.queued_at, s.last_at) AS since
      FROM standing s
      JOIN identity i ON i.id = s.identity_id JOIN channel h ON h.id = i.channel_id
      JOIN chat c ON c.id = s.chat_id JOIN customer k ON k.id = c.customer_id
      LEFT JOIN segment g ON g.id = k.segment_id
     WHERE s.stage = 'queue' ORDER BY s.score DESC, s.waits_since NULLS LAST, s.last_at LIMIT {MOST}
""")  # noqa: S608 - a number of ours


def changed(weights: Mapping[int, int], curve: Curve) -> RuleSet:
    """The rules in use with other points and another curve."""
    now = rules.current()
    scores = tuple(replace(one, points=weights.get(one.id, one.points)) for one in now.scores)
    return replace(now, scores=scores, curve=curve)


def moves(tried: RuleSet, now: datetime) -> list[Moved]:
    """The first 200 of the queue, in the order they would have."""
    rows = db.session.execute(_QUEUE).all()
    found = facts.of_chats([row.chat_id for row in rows])
    there = [(place, row) for place, row in enumerate(rows, 1) if row.chat_id in found]
    scored = [(_score(row, tried, found[row.chat_id], now), place, row) for place, row in there]
    scored.sort(key=lambda one: (-one[0], one[2].since, one[1]))
    return [
        Moved(row.chat_id, row.channel_name, row.segment_names, now - row.since, row.score, score, place, then)
        for then, (score, place, row) in enumerate(scored, 1)
    ]


def _score(row: Any, tried: RuleSet, found: Any, now: datetime) -> int:
    return rules.total(rules.points(found, now, tried)) + earned(tried.curve, (now - row.since).total_seconds())
