"""A day of 50,000 chats on a simulated clock: what our rules make of waiting, beside a plain oldest-first queue."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg

from app.base.clock import business_day, day_bounds
from app.config import read_environment
from app.factory import create_app
from app.models.db import db
from app.queries import candidates, replay, rules
from bench import day
from bench.figures import Figure, percentile
from bench.lab import Lab

_CHATS = 50_000
# Of one operator in a day: so many that the busiest hours have a queue. Few people stand in for each other less.
_CHATS_OF_ONE, _OF_FEW = 178, 140
_SEED = 7

# Points and waiting curve are those a new bank starts with; Premium has its own group for a minute, then everybody.
_RULES = """
    UPDATE staff_group SET wider_after_s = NULL;
    INSERT INTO staff_group (names, position, wider_after_s) VALUES ('{"en": "Premium"}', 0, 60);
    INSERT INTO routing_rule (names, position, conditions, outcome)
    SELECT '{"en": "Premium"}', 1, jsonb_build_array(jsonb_build_object('kind', 'segment', 'value', ARRAY[s.id])),
           jsonb_build_object('group', g.id)
      FROM segment s, staff_group g WHERE s.names ->> 'en' = 'Premium' AND g.names ->> 'en' = 'Premium';
"""


def simulation(lab: Lab) -> Iterator[Figure]:
    """The decisions are the live ones; rows, pushes and traces are not made (see app/queries/replay.py)."""
    count = lab.scaled(_CHATS, 5_000)
    with psycopg.connect(lab.desk.database, autocommit=True) as connection:
        connection.execute(_RULES)
    app = create_app(read_environment(lab.desk.env))
    with app.app_context():
        world = _world(count, count // lab.scaled(_CHATS_OF_ONE, _OF_FEW))
        began, busy = time.perf_counter(), time.process_time()
        ours = replay.by_rules(world)
        took, busy = time.perf_counter() - began, time.process_time() - busy
        plain = replay.oldest_first(world)
    about = {"operators": len({turn.person.person_id for turn in world.turns}), "processor_s": round(busy, 1)}
    yield Figure("simulation", f"a day of {count:,} chats".replace(",", " "), round(took, 1), "s", 60, about=about)
    yield Figure("simulation", "never answered, ours / plain", ours.left, f"/ {plain.left}")
    for name in (None, *day.SEGMENTS):
        yield from _waits(name, ours, plain)


def _world(count: int, people: int) -> replay.World:
    chance = random.Random(_SEED)  # noqa: S311 - a simulation
    first, _next = day_bounds(business_day(datetime.now(UTC)))
    ways = candidates.ways()
    premium = max(ways)
    staff = [*day.staff(people, [premium, *(one for one in ways if one != premium)], chance)]
    segments = _segments()
    return replay.World(
        day.arrivals(count, first, segments, len(staff), chance),
        day.turns(staff, first, chance),
        ways,
        {premium: 60},
        rules.load(),
    )


def _segments() -> dict[str, int]:
    rows = db.session.execute(db.text("SELECT names ->> 'en' AS name, id FROM segment"))
    return {row.name: row.id for row in rows}


def _waits(name: str | None, ours: replay.Waited, plain: replay.Waited) -> Iterator[Figure]:
    for label, share in (("median", 0.5), ("p90", 0.9), ("p99", 0.99)):
        mine, other = (
            [seconds for arrival, seconds, _who in found.answered if name in (None, arrival.segment)]
            for found in (ours, plain)
        )
        about = {"oldest_first_s": round(percentile(other, share))}
        what = f"{name or 'all'}: waited, {label} (oldest first: {about['oldest_first_s']})"
        yield Figure("simulation", what, round(percentile(mine, share)), "s", about=about)
