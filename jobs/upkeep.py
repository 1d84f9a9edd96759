"""Upkeep of the house."""

from app.actions import access, upkeep
from app.base import clock, wakeups
from app.base.later import answered


def months() -> None:
    answered(wakeups.MAKE_MONTHS)
    upkeep.make_months(clock.now())


def fall_back() -> None:
    answered(wakeups.FALL_BACK)
    access.fall_back(clock.now())


def clear_road() -> None:
    answered(wakeups.CLEAR_ROAD)
    upkeep.clear_road(clock.now())


def clear_notices() -> None:
    answered(wakeups.CLEAR_NOTICES)
    upkeep.clear_notices(clock.now())
