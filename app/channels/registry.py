"""The channels this house has, by kind."""

from app.channels import telegram
from app.channels.channel import Channel

_CHANNELS: dict[str, Channel] = {door.kind: door for door in (telegram.door,)}


def channel(kind: str) -> Channel:
    """The channel of this kind. Raises KeyError for an unknown one."""
    return _CHANNELS[kind]


def kinds() -> tuple[str, ...]:
    """Kinds in the order they are offered."""
    return tuple(_CHANNELS)
