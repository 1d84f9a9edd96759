"""The socket: who may listen to which room is decided here, when a page asks to join."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask, request
from flask_socketio import ConnectionRefusedError, disconnect, join_room, leave_room

from app.actions import leases, presence
from app.base import clock, ears, wire
from app.base.wire import socketio
from app.live import push, rooms
from app.models.access import Area
from app.models.duty import RENEWED
from app.models.viewer import Viewer
from app.pages.guard import address, admitted, viewer_of_socket
from app.pages.hearing import heard
from app.queries import chat_list, sessions, thread

log = logging.getLogger(__name__)

_WATCH_SECONDS = 1.0
_MOST_ROOMS = 40
_TELL_EVERY = 5
_RENEW_EVERY = int(RENEWED.total_seconds() / _WATCH_SECONDS)


@dataclass
class _Listener:
    """A socket of this process: whose it is, and which rooms its page shows now."""

    viewer: Viewer
    address: str
    since: datetime
    rooms: set[str] = field(default_factory=set)


_listeners: dict[str, _Listener] = {}


@heard("connect")
def connect(auth: object = None) -> None:
    """Only signed-in people; each joins the rooms that are his by being himself."""
    since = clock.now()
    viewer = viewer_of_socket()
    if viewer is None:
        raise ConnectionRefusedError("signed out")
    _listeners[_sid()] = _Listener(viewer, address(), since)
    own = rooms.of_person(viewer)
    for room in own:
        join_room(room)
    ears.add(own)


@heard("disconnect")
def disconnected(reason: object = None) -> None:
    _listeners.pop(_sid(), None)
    if not _listeners:
        ears.tell(())


@heard("watch")
def watch(names: object) -> list[str]:
    """Join the rooms a page shows, each only if this person may see what is pushed there, and leave all others.

    Returns those joined. A page sends its whole set each time it shows something else.
    """
    viewer, listener = viewer_of_socket(), _listeners.get(_sid())
    if viewer is None or listener is None:
        disconnect()
        return []
    asked = [name for name in names if isinstance(name, str)][:_MOST_ROOMS] if isinstance(names, list) else []
    joined = {name for name in asked if rooms.may_join(viewer, name)}
    # The bare room hears what is the same for all, the other one what is said in a language.
    for name in listener.rooms - joined:
        leave_room(name)
        leave_room(f"{name}:{listener.viewer.locale}")
    for name in joined:
        join_room(name)
        join_room(f"{name}:{listener.viewer.locale}")
    listener.rooms = joined
    ears.add(_spoken(listener))
    return sorted(joined)


@heard("here")
def here(chat_id: object, what: object) -> None:
    """A person looks at a chat or types in it; only where the page was let into the chat's room."""
    listener = _listeners.get(_sid())
    if listener is None or not isinstance(chat_id, int) or what not in ("looks", "types"):
        return
    if f"chat:{chat_id}" in listener.rooms:
        presence.signal(chat_id, listener.viewer, str(what))


@heard("active")
def active() -> None:
    """The person did something in the page: it tells so at most once a minute."""
    listener = _listeners.get(_sid())
    if listener is not None:
        leases.active(listener.viewer.person_id, clock.now())


@heard("differs")
def differs(shown: object) -> list[str]:
    """Of what a page shows (name → digest), what is otherwise by now: it asks every half a minute."""
    listener = _listeners.get(_sid())
    if listener is None or not isinstance(shown, dict):
        return []
    return [
        name for name, told in list(shown.items())[:_MOST_ROOMS] if _digest(listener, str(name)) not in (None, told)
    ]


def _digest(listener: _Listener, name: str) -> str | None:
    kind, _, of = name.partition(":")
    if kind == "list":
        return chat_list.digest(listener.viewer, of) or None
    if kind == "count":
        return chat_list.count(listener.viewer, of)
    return str(thread.rev(int(of))) if kind == "chat" and name in listener.rooms else None


def _spoken(listener: _Listener) -> list[str]:
    """The rooms a socket hears its own language in, and those that come with its person."""
    shown = [f"{name}:{listener.viewer.locale}" for name in listener.rooms]
    return [*shown, *rooms.of_person(listener.viewer)]


def keep_watch(app: Flask) -> None:
    """Once a second, in each web process: cut the sockets of ended sessions; tell pages to heal if pushes were lost.

    Every few seconds it tells which rooms are listened to, and the leases of all who have a page here are renewed.
    """
    turn = 0
    while True:
        socketio.sleep(_WATCH_SECONDS)
        turn += 1
        try:
            with app.app_context():
                _cut_ended()
                if turn % _TELL_EVERY == 0:
                    ears.tell_now(_listened)
                if turn % _RENEW_EVERY == 0:
                    leases.renew({one.viewer.person_id for one in _listeners.values()}, clock.now())
        except Exception:
            log.exception("watch over sessions failed")
        if wire.whole_again():
            push.heal()


def _listened() -> set[str]:
    return {room for one in dict(_listeners).values() for room in _spoken(one)}


def _cut_ended() -> None:
    """Cut whose session is over, whose rights have changed since, and whom an access list keeps out by now."""
    if not _listeners:
        return
    here, now = dict(_listeners), clock.now()
    standing = sessions.standing({one.viewer.session_id for one in here.values()}, now)
    for sid, listener in here.items():
        rights_at = standing.get(listener.viewer.session_id)
        stays = listener.viewer.session_id in standing and (rights_at is None or rights_at < listener.since)
        if not (stays and admitted(Area.SITE, listener.address, now)) and socketio.server is not None:
            socketio.server.disconnect(sid)


def _sid() -> str:
    sid: str = request.sid  # type: ignore[attr-defined]
    return sid
