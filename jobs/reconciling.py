"""Received = stored = shown, said = accepted: counted without anybody asking."""

from app.actions import reconciling
from app.base import clock, wakeups
from app.base.later import answered


def reconcile() -> None:
    answered(wakeups.RECONCILE)
    reconciling.reconcile_due(clock.now())
