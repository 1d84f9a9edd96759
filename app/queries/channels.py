"""Connected channels, as people see them and as the channels' own code needs them."""

from collections.abc import Sequence

from flask import current_app
from sqlalchemy import select

from app.channels.contract import Account
from app.models.channel import Channel
from app.models.db import db


def everyone() -> Sequence[Channel]:
    return db.session.scalars(select(Channel).order_by(Channel.id)).all()


def one(channel_id: int) -> Channel | None:
    return db.session.get(Channel, channel_id)


def by_key(key: str) -> Channel | None:
    return db.session.scalar(select(Channel).where(Channel.key == key, Channel.enabled))


def account_of(channel: Channel) -> Account:
    """What the channel's code needs to speak for this bot."""
    settings = current_app.config["SETTINGS"]
    return Account(
        id=channel.id,
        kind=channel.kind,
        token=channel.token or "",
        api_url=channel.api_url,
        proxy=settings.outbound_proxy,
        allow=settings.outbound_allow,
        secret=channel.secret or "",
        webhook_url=channel.webhook_url,
    )


def polled() -> list[Account]:
    """Accounts to ask for updates: enabled and without a webhook."""
    found = db.session.scalars(select(Channel).where(Channel.enabled, Channel.webhook_url == ""))
    return [account_of(channel) for channel in found]
