"""Automatic replies to clients, in the client's language (clause 7.1)."""

import re
from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

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
    return [name for _before, name in _VARIABLE.findall(text) if name not in known]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in; an unknown name goes together with the comma or blank before it."""
    return _VARIABLE.sub(lambda found: found[1] + values[found[2]] if values.get(found[2]) else "", text).strip()


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
