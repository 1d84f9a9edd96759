"""The end of chats: closings nobody asked for, words to who waits, questions to who was served."""

from app.actions import asking, auto_replies, idling
from app.base import clock, wakeups
from app.base.later import answered


def close_idle() -> None:
    answered(wakeups.CLOSE_IDLE)
    now = clock.now()
    idling.close(now)
    auto_replies.tell_waiting(now)


def ask_ratings() -> None:
    answered(wakeups.ASK_RATINGS)
    asking.ask(clock.now())
