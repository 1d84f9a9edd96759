"""The channels this house has, by kind."""

from app.channels import telegram, webchat
from app.channels.channel import Channel, Door

_CHANNELS: dict[str, Channel] = {door.kind: door for door in (telegram.door,)}
_HOSTED: dict[str, Door] = {door.kind: door for door in (webchat.door,)}


def channel(kind: str) -> Channel:
    """The carried channel of this kind. Raises KeyError for an unknown one."""
    return _CHANNELS[kind]


def door(kind: str) -> Door:
    """The channel of this kind, carried or hosted. Raises KeyError for an unknown one."""
    return _HOSTED[kind] if kind in _HOSTED else _CHANNELS[kind]


def is_hosted(kind: str) -> bool:
    """Whether our own pages are its wire: what is committed is sent."""
    return kind in _HOSTED


def kinds() -> tuple[str, ...]:
    """Carried kinds in the order they are offered."""
    return tuple(_CHANNELS)
