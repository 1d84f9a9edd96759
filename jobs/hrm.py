"""The personnel system is asked when it is time."""

from app.actions import hrm
from app.base import clock, wakeups
from app.base.later import answered


def read() -> None:
    answered(wakeups.READ_HRM)
    hrm.read_due(clock.now())
