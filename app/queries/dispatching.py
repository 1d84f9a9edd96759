"""How chats are given to people: what administrators decide once for the whole desk (clauses 1.4, 5.1, 7.5)."""

from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.models import setting
from app.queries import settings


class Mode(StrEnum):
    """`queue`: operators take the next themselves; `offer`: asked first; `assign`: given at once."""

    QUEUE = "queue"
    OFFER = "offer"
    ASSIGN = "assign"


setting.section("routing", _l("Giving chats to operators"))
MODE = setting.declare(
    "routing.mode",
    "choice",
    Mode.QUEUE.value,
    _l("How operators get chats"),
    _l("“Take next” works in each of them."),
    choices=(
        (Mode.QUEUE.value, _l("Operators take the next one themselves")),
        (Mode.OFFER.value, _l("The system offers, the operator accepts")),
        (Mode.ASSIGN.value, _l("The system gives at once")),
    ),
)
OFFER_SECONDS = setting.declare(
    "routing.offer_seconds",
    "int",
    20,
    _l("Time to accept an offered chat"),
    _l("Then it is offered to the next colleague."),
    unit=_l("seconds"),
    low=5,
    high=300,
)
CAPACITY = setting.declare(
    "routing.capacity",
    "int",
    5,
    _l("Chats at once"),
    _l("For everyone whose own number is empty. A channel may count for more or less than one chat."),
    low=1,
    high=100,
)
TRANSFER_ACCEPT = setting.declare(
    "routing.transfer_accept",
    "bool",
    True,
    _l("A transferred chat must be accepted"),
    _l("Until the colleague accepts, the chat stays with whoever hands it over."),
)
TRANSFER_SECONDS = setting.declare(
    "routing.transfer_seconds",
    "int",
    60,
    _l("Time to accept a transferred chat"),
    unit=_l("seconds"),
    low=10,
    high=900,
)
LAST_OPERATOR = setting.declare(
    "routing.last_operator_hours",
    "int",
    24,
    _l("Same operator again, for"),
    _l("Who served the client last gets him first, when at work and free. 0 switches it off. Groups have their own."),
    unit=_l("hours"),
    low=0,
    high=720,
)
WISHED_SECONDS = setting.declare(
    "routing.wished_seconds",
    "int",
    60,
    _l("Wait for the person a rule names"),
    _l("While this person is at work but has no free hand; then whoever can takes the chat."),
    unit=_l("seconds"),
    low=0,
    high=3600,
)
OTHER_LANGUAGE = setting.declare(
    "routing.other_language_minutes",
    "int",
    0,
    _l("Another language may answer after"),
    _l("When a client has waited this long, operators without his language may answer too. 0: never."),
    unit=_l("minutes"),
    low=0,
    high=1440,
)
GRACE = setting.declare(
    "routing.grace_seconds",
    "int",
    60,
    _l("A chat stays with an absent operator for"),
    _l("Then it goes back to the queue, unless his status keeps chats."),
    unit=_l("seconds"),
    low=10,
    high=3600,
)


def mode() -> Mode:
    return Mode(settings.value(MODE))


def wished_for() -> timedelta:
    """How long a chat waits for the person it was wished to."""
    return timedelta(seconds=settings.value(WISHED_SECONDS))


def foreign_since(now: datetime) -> datetime | None:
    """Chats queued before this may be answered in another language; None while none may."""
    minutes = settings.value(OTHER_LANGUAGE)
    return now - timedelta(minutes=minutes) if minutes else None
