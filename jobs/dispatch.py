"""Chats find their people: the backlog flows, the queue's order is kept, impossible states are mended."""

from app.actions import dispatch, rescoring, sweeping
from app.base import clock, wakeups
from app.base.later import answered, later


def assign() -> None:
    answered(wakeups.ASSIGN)
    if dispatch.assign(clock.now()) >= dispatch.MOST:
        later(wakeups.ASSIGN)


def rescore() -> None:
    answered(wakeups.RESCORE)
    rescoring.rescore(clock.now())


def sweep() -> None:
    answered(wakeups.SWEEP_QUEUE)
    sweeping.sweep(clock.now())
