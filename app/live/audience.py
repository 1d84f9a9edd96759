"""The audience of the desk: which rooms a chat is pushed to, and who may join them."""

import time
from collections.abc import Iterable

from app.base import ears
from app.base.locale import LOCALES
from app.live.rooms import rule
from app.models.chat import TAKE, Place
from app.models.permission import Scope
from app.models.viewer import Viewer
from app.queries import sessions, visible

_FRESH_SECONDS = 2.0
_EMPTY_SECONDS = 0.2
_EVERYBODYS = "0"


class _Locales:
    checked = float("-inf")
    found: tuple[str, ...] = ()


def of_chat(chat_id: int) -> list[str]:
    """Whoever has the chat open."""
    return [f"chat:{chat_id}"]


def of_place(place: Place) -> list[str]:
    """Whoever has this list: its owner, or those who may take from the queue."""
    if place.owner_id is not None:
        return [f"person:{place.owner_id}"]
    return [f"queue:{place.group_id or _EVERYBODYS}", "queue:all"]


def queue_rooms(viewer: Viewer) -> list[str]:
    """The rooms of the queue that a page of this viewer watches; together they hold each chat once."""
    if viewer.scope(TAKE) is Scope.ALL:
        return ["queue:all"]
    return [f"queue:{group}" for group in (_EVERYBODYS, *sorted(viewer.groups))] if viewer.may(TAKE) else []


def listened(rooms: Iterable[str]) -> list[tuple[str, str]]:
    """(room, language) of those somebody listens to; while that is not known, in all languages of those signed in."""
    asked = [(room, locale) for room in rooms for locale in LOCALES]
    found = ears.heard([f"{room}:{locale}" for room, locale in asked])
    if found is None:
        spoken = locales()
        return [(room, locale) for room, locale in asked if locale in spoken]
    return [(room, locale) for room, locale in asked if f"{room}:{locale}" in found]


def locales() -> tuple[str, ...]:
    """The languages somebody is signed in with now, at most two seconds old: nothing is drawn for nobody.

    "Nobody" holds for a moment only, so that the first to sign in misses nothing.
    """
    fresh = _FRESH_SECONDS if _Locales.found else _EMPTY_SECONDS
    if time.monotonic() - _Locales.checked > fresh:
        _Locales.found, _Locales.checked = tuple(sessions.locales()), time.monotonic()
    return _Locales.found


def forget() -> None:
    """The next push asks anew which languages are listened to; for tests."""
    _Locales.checked = float("-inf")


@rule("chat")
def _may_see(viewer: Viewer, of: str) -> bool:
    if not (of.isascii() and of.isdigit() and len(of) < 19):
        return False
    try:
        visible.chat(viewer, int(of))
    except visible.NotVisible:
        return False
    return True


@rule("queue")
def _may_take(viewer: Viewer, of: str) -> bool:
    return f"queue:{of}" in queue_rooms(viewer)
