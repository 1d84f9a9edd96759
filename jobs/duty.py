"""Who is lost, and who is longer in a status than should be."""

from app.actions import leases, overruns
from app.base import clock, wakeups
from app.base.later import answered


def sweep() -> None:
    answered(wakeups.SWEEP_DUTY)
    leases.sweep(clock.now())
    overruns.tell(clock.now())
