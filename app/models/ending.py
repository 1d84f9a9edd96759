"""When a chat closes by itself, and how long the client may go on with a closed one (clauses 9.3, 9.6)."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.models import setting
from app.models.kinds import Whole
from app.models.listing import Field, Listed, declare
from app.models.reply_exception import OfChannel
from app.models.template import OfGroup

setting.section("ending", _l("The end of a chat"))
CLOSE_MINUTES = setting.declare(
    "ending.close_minutes",
    "int",
    60,
    _l("Close a chat the client left after"),
    _l("Counted from the operator's last word. Chats set aside are spared. 0: never."),
    low=0,
    high=10080,
    unit=_l("min"),
)
WARN_MINUTES = setting.declare(
    "ending.warn_minutes",
    "int",
    10,
    _l("Warn the client before that"),
    _l("In the client's language. A word of the client, and the chat stays open."),
    low=0,
    high=1440,
    unit=_l("min"),
)
BOT_MINUTES = setting.declare(
    "ending.bot_minutes",
    "int",
    60,
    _l("Close a chat with the assistant alone after"),
    _l("Counted from its last word. 0: never."),
    low=0,
    high=10080,
    unit=_l("min"),
)
RESUME_MINUTES = setting.declare(
    "ending.resume_minutes",
    "int",
    60,
    _l("A closed chat goes on when the client writes within"),
    _l("Later it is a new request of the same dialogue. 0: always a new one."),
    low=0,
    high=43200,
    unit=_l("min"),
)


class EndingRule(Listed):
    """Other times for one channel, one group, or one group in one channel; an empty one is as the settings say."""

    __tablename__ = "ending_rule"

    channel_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("channel.id"))
    group_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("staff_group.id"))
    close_minutes: Mapped[int | None] = mapped_column(Integer)
    warn_minutes: Mapped[int | None] = mapped_column(Integer)
    bot_minutes: Mapped[int | None] = mapped_column(Integer)
    resume_minutes: Mapped[int | None] = mapped_column(Integer)


_EMPTY = _l("Empty: as the settings say. 0: never.")
ENDINGS = declare(
    "endings",
    62,
    EndingRule,
    _l("Closing times of a channel or group"),
    _l("Where chats close by themselves sooner, later or never. The nearest wins: channel and group, group, channel."),
    Field("channel_id", OfChannel(), _l("Channel"), column=_l("Channel")),
    Field("group_id", OfGroup(), _l("Group"), column=_l("Group")),
    Field(
        "close_minutes",
        Whole(0, 10080),
        _l("Close a chat the client left after"),
        _EMPTY,
        unit=_l("min"),
        column=_l("Closes after"),
    ),
    Field("warn_minutes", Whole(0, 1440), _l("Warn the client before that"), _EMPTY, unit=_l("min")),
    Field("bot_minutes", Whole(0, 10080), _l("Close a chat with the assistant alone after"), _EMPTY, unit=_l("min")),
    Field(
        "resume_minutes",
        Whole(0, 43200),
        _l("A closed chat goes on when the client writes within"),
        _EMPTY,
        unit=_l("min"),
        column=_l("Goes on within"),
    ),
    add=_l("Add closing times"),
)
