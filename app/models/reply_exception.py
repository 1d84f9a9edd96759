"""What one channel or one group says instead of the general automatic reply, or that it says nothing (clause 7.1)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, Boolean, ForeignKey, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.auto_reply import OCCASIONS, AutoReply
from app.models.kinds import Chosen, Kind, Texts, Unfit, YesNo
from app.models.listing import Field, Listed, declare
from app.models.template import OfGroup


@dataclass(frozen=True)
class Occasion(Kind):
    """One of the occasions there are."""

    shape = "occasion"

    def read(self, entered: Any) -> str:
        if entered not in OCCASIONS:
            raise Unfit(_("Choose one of the list"))
        return str(entered)


class OfChannel(Chosen):
    """One channel, or none: all of them."""

    shape = "channel"

    def __init__(self) -> None:
        super().__init__(many=False)


class TextsOrNone(Texts):
    """The same texts; none at all where nothing is to be said."""

    def read(self, entered: Any) -> dict[str, str]:
        return super().read(entered) if any(entered.values()) else {}


class ReplyException(Listed):
    """`silent`: nothing is said here on this occasion."""

    __tablename__ = "reply_exception"

    kind: Mapped[str] = mapped_column(Text)
    channel_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("channel.id"))
    group_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("staff_group.id"))
    silent: Mapped[bool] = mapped_column(Boolean, default=False)
    texts: Mapped[dict[str, str]] = mapped_column(JSONB)

    variables: ClassVar[tuple[str, ...]] = tuple(
        dict.fromkeys(name for kind in OCCASIONS for name in AutoReply(kind=kind).variables)
    )


EXCEPTIONS = declare(
    "reply-exceptions",
    61,
    ReplyException,
    _l("Replies of a channel or group"),
    _l("Instead of the general reply of the same occasion. The nearest wins: channel and group, group, channel."),
    Field("kind", Occasion(), _l("Occasion"), column=_l("Occasion")),
    Field("channel_id", OfChannel(), _l("Channel"), column=_l("Channel")),
    Field("group_id", OfGroup(), _l("Group"), column=_l("Group")),
    Field("silent", YesNo(), _l("Say nothing here"), _l("The texts below are not needed then."), column=_l("Silent")),
    Field("texts", TextsOrNone(), _l("Text"), _l("In which language the client writes, in that he is answered.")),
    add=_l("Add a reply of a channel or group"),
    off=_l("Switch off"),
    on=_l("Switch on"),
    in_use=_l("Switched on"),
    aside=_l("Switched off"),
)
