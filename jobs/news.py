"""News whose time has come, and those who have not read theirs."""

from app.actions import news, reminding
from app.base import clock, wakeups
from app.base.later import answered


def remind() -> None:
    answered(wakeups.REMIND)
    news.announce(clock.now())
    reminding.remind_due(clock.now())
