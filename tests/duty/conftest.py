"""A bank with a licence, people who have not begun work, and a clock that the test turns."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.actions import duty, leases, licence
from app.actions.journal import HERE
from app.base.clock import business_day
from app.models.db import db, transaction
from app.models.licence import Licence, signed
from app.models.viewer import SYSTEM
from app.queries import licence as known
from tests.cast import Actor, Cast
from tests.road.conftest import viewer_of

ACTIVE, CURRENT, BREAK, LUNCH, TRAINING, MEETING, TECHNICAL, LOST = range(1, 9)


def _morning() -> datetime:
    """Ten in the morning of Tashkent on the last day of the next month.

    Ahead of the real clock, which the test's own web process runs by, and within the months that have partitions.
    """
    today = datetime.now(UTC).replace(hour=5, minute=0, second=0, microsecond=0)
    first_of_next = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return (first_of_next + timedelta(days=32)).replace(day=1) - timedelta(days=1)


MORNING = _morning()

Installed = Callable[..., Licence]


@pytest.fixture
def cast(app: Flask, context: None) -> Cast:
    """Nobody is at work yet."""
    return Cast(app, at_work=False)


@pytest.fixture
def installed(context: None) -> Installed:
    """`installed(3)`: a licence of three seats, valid from a month before MORNING for a year."""

    def install(seats: int, at: datetime = MORNING, *, days: int = 365, since: int = -30) -> Licence:
        first = business_day(at) + timedelta(days=since)
        found = Licence("Test", seats, first, first + timedelta(days=days))
        return licence.install(signed(found, known.own_key()), SYSTEM, HERE, at)

    return install


class Day:
    """Time that goes on: pages renew their leases and the sweeper judges, a little less often than for real."""

    def __init__(self, at: datetime) -> None:
        self.now = at

    def passes(self, seconds: float, alive: Collection[Actor] = (), *, web: bool = True, sweeper: bool = True) -> None:
        end = self.now + timedelta(seconds=seconds)
        while self.now < end:
            self.now = min(self.now + timedelta(seconds=25), end)
            if web:
                leases.renew([one.id for one in alive], self.now)
            if sweeper:
                leases.sweep(self.now)

    def jumps(self, **how: float) -> datetime:
        self.now += timedelta(**how)
        return self.now

    def chooses(self, actor: Actor, status_id: int) -> None:
        duty.choose(status_id, viewer_of(actor), self.now)

    def acts(self, actor: Actor) -> None:
        leases.active(actor.id, self.now)


@pytest.fixture
def day(installed: Installed) -> Day:
    """The morning of a working day; the watch over leases has run for a while, and there are ten seats."""
    installed(10)
    begun = Day(MORNING - timedelta(minutes=10))
    begun.passes(600)
    return begun


def status_of(actor: Actor) -> int | None:
    return one("SELECT status_id FROM status_span WHERE person_id = :id AND ended_at IS NULL", id=actor.id)


def one(statement: str, **values: Any) -> Any:
    return db.session.execute(text(statement), values).scalar()


def rows(statement: str, **values: Any) -> list[Any]:
    return list(db.session.execute(text(statement), values).all())


def run(statement: str, **values: Any) -> None:
    with transaction():
        db.session.execute(text(statement), values)
