"""The socket of the chat on the site: a namespace of its own, entered by the visitor's token; one room, one's own."""

from dataclasses import dataclass

from flask import request
from flask_socketio import ConnectionRefusedError, join_room

from app.actions import widget as verbs
from app.base import clock
from app.live.widget import NAMESPACE, room
from app.pages.hearing import heard
from app.queries import widget
from app.queries.widget import Home


@dataclass
class _Listener:
    home: Home
    typing: bool = False


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
    _listeners[_sid()] = _Listener(home)
    join_room(room(home.identity_id, visitor.locale))


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


def _sid() -> str:
    sid: str = request.sid  # type: ignore[attr-defined]
    return sid
