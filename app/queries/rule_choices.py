"""What the conditions of rules may choose from."""

from collections.abc import Callable
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from app.base.locale import LOCALES
from app.models.hours import HOURS
from app.models.listing import Listing
from app.models.names import pick
from app.models.segment import SEGMENTS
from app.models.topic import TOPICS
from app.queries import channels, lists

Choices = list[tuple[str, str]]


def choices(shape: str) -> Choices:
    """Values and words, in the reader's language; nothing for a shape that is written, not chosen."""
    return _CHOICES[shape]() if shape in _CHOICES else []


def known(shape: str, value: Any) -> bool:
    """Whether all of a condition's value is there to choose; what is written is not asked."""
    if shape not in _CHOICES:
        return True
    return {str(one) for one in value or ()} <= {code for code, _word in choices(shape)}


def _channels() -> Choices:
    return [(str(one.id), one.name) for one in channels.everyone()]


def _channel_kinds() -> Choices:
    return [(kind, kind.capitalize()) for kind in sorted({one.kind for one in channels.everyone()})]


def _languages() -> Choices:
    return [*LOCALES.items(), ("", _("not known yet"))]


def _topics() -> Choices:
    branches = lists.branches(lists.rows(TOPICS))
    return [(str(topic.id), "\u00a0\u00a0\u00a0" * (level - 1) + _named(topic)) for topic, level in branches]


def _listed(listing: Listing) -> Choices:
    return [(str(row.id), _named(row)) for row in lists.rows(listing)]


def _segments() -> Choices:
    return [*_listed(SEGMENTS), ("0", _("no segment"))]


def _named(row: Any) -> str:
    return pick(row.names, str(get_locale()))


_CHOICES: dict[str, Callable[[], Choices]] = {
    "channels": _channels,
    "channel_kinds": _channel_kinds,
    "languages": _languages,
    "topics": _topics,
    "segments": _segments,
    "hours": lambda: _listed(HOURS),
}
