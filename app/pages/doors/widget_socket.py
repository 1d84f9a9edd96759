"""The socket of the chat on the site: a namespace of its own, entered by the visitor's token; one room, one's own."""

from dataclasses import dataclass

from flask import request
from flask_socketio import ConnectionRefusedError, join_room

from app.actions import widget as verbs
from app.base import clock, ears, wire
from app.live.widget import NAMESPACE, room
from app.pages.hearing import heard
from app.queries import widget
from app.queries.widget import Home


@dataclass
class _Listener:
    home: Home
    room: str
    typing: bool = False


_TELL_SECONDS = 5
_listeners: dict[str, _Listener] = {}


@heard("connect", namespace=NAMESPACE)
def connect(auth: object = None) -> None:
    """A visitor with a dialogue joins its room in the language of the page; whoever has none has nothing to hear."""
    told = auth if isinstance(auth, dict) else {}
    door = widget.door(str(told.get("key", "")))
    visitor = widget.visitor(door, str(told.get("token", "")), clock.now()) if door else None
    home = widget.home(visitor) if visitor else None
    if visitor is None or home is None:
        raise ConnectionRefusedError("unknown")
    own = room(home.identity_id, visitor.locale)
    _listeners[_sid()] = _Listener(home, own)
    join_room(own)
    ears.add({own: _rooms()[own]}, ears.SITE)


@heard("disconnect", namespace=NAMESPACE)
def disconnected(reason: object = None) -> None:
    listener = _listeners.pop(_sid(), None)
    if listener is not None and listener.typing:
        verbs.types(listener.home, False)


@heard("typing", namespace=NAMESPACE)
def typing(on: object) -> None:
    """The client writes, or has stopped."""
    listener = _listeners.get(_sid())
    if listener is not None and isinstance(on, bool):
        listener.typing = on
        verbs.types(listener.home, on)


def keep_told() -> None:
    """Every few seconds, in each web process: which visitors listen here."""
    while True:
        wire.socketio.sleep(_TELL_SECONDS)
        ears.tell_now(_rooms, ears.SITE)


def _rooms() -> dict[str, str]:
    """Each room with its only listener, "" where there are several."""
    found: dict[str, str] = {}
    for sid, one in list(_listeners.items()):
        found[one.room] = "" if one.room in found else sid
    return found


def _sid() -> str:
    sid: str = request.sid  # type: ignore[attr-defined]
    return sid
