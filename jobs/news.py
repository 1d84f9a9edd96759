"""What people are told by the calendar: news whose time has come, those unread, a licence that ends."""

from app.actions import licence_end, news, reminding
from app.base import clock, wakeups
from app.base.later import answered


def remind() -> None:
    answered(wakeups.REMIND)
    news.announce(clock.now())
    reminding.remind_due(clock.now())
    licence_end.tell(clock.now())
