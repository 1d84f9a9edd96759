"""Connected channels, as people see them and as the channels' own code needs them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy import select, text

from app.channels import registry
from app.channels.contract import Account
from app.models.channel import Channel
from app.models.db import db
from app.models.webchat import WebChat

_CLIENTS = text("SELECT EXISTS (SELECT 1 FROM identity WHERE channel_id = :id)")
_FRESH_SECONDS = 2.0
_hooks: dict[str, tuple["Hook", float]] = {}


def everyone() -> Sequence[Channel]:
    return db.session.scalars(select(Channel).order_by(Channel.id)).all()


def one(channel_id: int) -> Channel | None:
    return db.session.get(Channel, channel_id)


def webchat(channel_id: int) -> WebChat | None:
    """What stands beside a channel that is a chat on a site."""
    return db.session.get(WebChat, channel_id)


def has_clients(channel_id: int) -> bool:
    """Whether anybody has ever written there."""
    return bool(db.session.scalar(_CLIENTS, {"id": channel_id}))


def by_key(key: str) -> Channel | None:
    return db.session.scalar(select(Channel).where(Channel.key == key, Channel.enabled))


@dataclass(frozen=True)
class Hook:
    """What a webhook needs to know of its channel."""

    id: int
    kind: str
    secret: str = field(repr=False)


def hook(key: str) -> Hook | None:
    """The channel that is called by this key, as it was at most two seconds ago: it is asked for at every update."""
    found, checked = _hooks.get(key, (None, -_FRESH_SECONDS))
    if time.monotonic() - checked > _FRESH_SECONDS:
        channel = by_key(key)
        found = Hook(channel.id, channel.kind, channel.secret or "") if channel else None
        db.session.remove()  # no connection is held while the rest of a delivery comes, however slowly
        if found is None:  # what strangers try is not kept
            _hooks.pop(key, None)
            return None
        _hooks[key] = found, time.monotonic()
    return found


def hook_path(channel: Channel) -> str:
    return f"/hooks/{channel.kind}/{channel.key}"


def public_address(channel: Channel) -> str:
    """The address that was chosen for the provider's calls; "" for the desk's own, or when it does not call."""
    base = channel.webhook_url.removesuffix(hook_path(channel))
    return "" if base == current_app.config["SETTINGS"].url else base


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
    """Accounts to ask for updates: enabled, carried by a provider, and without a webhook."""
    asked = select(Channel).where(Channel.enabled, Channel.webhook_url == "", Channel.kind.in_(registry.kinds()))
    found = db.session.scalars(asked)
    return [account_of(channel) for channel in found]
