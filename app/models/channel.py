"""A connected channel: one bot, page or number (clause 1.1). Its secrets are sealed and never shown again."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.base.crypt import Sealed
from app.models.db import Base
from app.models.permission import declare

MANAGE = declare(
    "channels.manage", _l("Manage channels"), _l("Connect, test, switch on and off the channels of clients")
)
MANAGE_INBOX = declare(
    "inbox.manage", _l("Mend the inbox"), _l("See what could not be read or sent, without its content, and try again")
)


class Channel(Base):
    __tablename__ = "channel"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text, unique=True)  # stands in the webhook's address
    enabled: Mapped[bool] = mapped_column(default=True)
    token_sealed: Mapped[bytes | None] = mapped_column("token", LargeBinary)
    secret_sealed: Mapped[bytes | None] = mapped_column("secret", LargeBinary)
    api_url: Mapped[str] = mapped_column(Text, default="")
    webhook_url: Mapped[str] = mapped_column(Text, default="")
    cursor: Mapped[str] = mapped_column(Text, default="")
    trouble: Mapped[str] = mapped_column(Text, default="")
    troubled_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    username: Mapped[str] = mapped_column(Text, default="")  # the bot's own, as its provider told it
    hours_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("business_hours.id"))
    weight: Mapped[int] = mapped_column(Integer, default=10)  # what one of its chats counts for, in tenths

    token = Sealed("channel.token")
    secret = Sealed("channel.secret")
