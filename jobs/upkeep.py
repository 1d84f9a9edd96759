"""Upkeep of the house."""

from app.actions import upkeep
from app.base import clock, wakeups
from app.base.later import answered


def months() -> None:
    answered(wakeups.MAKE_MONTHS)
    upkeep.make_months(clock.now())
