"""Automatic replies to clients, in the client's language; when they may be said (clause 7.1)."""

import re
from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models import setting
from app.models.kinds import Texts
from app.models.listing import Field, Listed, declare

_EVERYWHERE = ("client.name", "bank.name")
# What may be filled in where, beside the names of client and bank.
_ALSO = {
    "out_of_hours": ("hours.next",),
    "holiday": ("hours.next",),
    "queue_position": ("queue.position", "queue.minutes"),
    "long_wait": ("queue.position", "queue.minutes"),
    "operator_joined": ("operator.name",),
    "auto_close_warning": ("minutes",),
    "closing": ("operator.name",),
    "rating_thanks": ("rating.mark",),
}
OCCASIONS = {
    "greeting": _l("Greeting"),
    "out_of_hours": _l("Out of hours"),
    "holiday": _l("Holiday"),
    "queue_position": _l("Place in the queue"),
    "queue_full": _l("Queue is full"),
    "long_wait": _l("Long wait"),
    "operator_joined": _l("Operator joined"),
    "auto_close_warning": _l("Warning before closing"),
    "closing": _l("Closing"),
    "rating": _l("Question about the rating"),
    "rating_thanks": _l("Thanks for the rating"),
    "blocked": _l("Client blocked"),
}
_VARIABLE = re.compile(r"(,?\s*)\{([^{}]*)\}")


class AutoReply(Listed):
    """`kind` is the occasion; there is one reply for each."""

    __tablename__ = "auto_reply"

    kind: Mapped[str] = mapped_column(Text, unique=True)
    texts: Mapped[dict[str, str]] = mapped_column(JSONB)

    @property
    def variables(self) -> tuple[str, ...]:
        return _EVERYWHERE + _ALSO.get(self.kind, ())


def unknown(text: str, known: tuple[str, ...]) -> list[str]:
    """Variables of a text that nobody fills in."""
    return [name for _before, name in _VARIABLE.findall(text) if name.partition("|")[0] not in known]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in; `{client.name|dear client}` says what stands when nothing is known.

    Without such words an unknown name goes together with the comma or blank before it.
    """
    return _VARIABLE.sub(lambda found: _filled(found, values), text).strip()


def _filled(found: re.Match[str], values: Mapping[str, str]) -> str:
    name, _bar, otherwise = found[2].partition("|")
    said = values.get(name) or otherwise
    return found[1] + said if said else ""


REPLIES = declare(
    "replies",
    60,
    AutoReply,
    _l("Automatic replies"),
    _l("What the desk itself writes to clients, in the client's language."),
    Field(
        "texts",
        Texts(),
        _l("Text"),
        _l("In which language the client writes, in that he is answered."),
        column=_l("Text"),
    ),
    off=_l("Switch off"),
    on=_l("Switch on"),
    in_use=_l("Switched on"),
    aside=_l("Switched off"),
)

setting.section("replies", _l("Automatic replies"))
MOST = setting.declare(
    "replies.most",
    "int",
    8,
    _l("At most so many in a row"),
    _l("Automatic words in one chat while the client says nothing. A robot at the other end gets no more."),
    low=1,
    high=50,
)
FROM_PLACE = setting.declare(
    "replies.from_place",
    "int",
    2,
    _l("Place in the queue: told from"),
    _l("Whoever stands further in front is answered soon and is not told."),
    low=1,
    high=999,
)
PLACE_MINUTES = setting.declare(
    "replies.place_minutes",
    "int",
    5,
    _l("Place in the queue: told again after"),
    _l("Only when it has changed since."),
    low=1,
    high=240,
    unit=_l("min"),
)
LONG_WAIT_MINUTES = setting.declare(
    "replies.long_wait_minutes",
    "int",
    10,
    _l("Long wait: told after"),
    _l("Once for each request."),
    low=1,
    high=720,
    unit=_l("min"),
)
