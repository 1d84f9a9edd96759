"""The wire: Socket.IO between processes and browsers. Nothing depends on a push having arrived."""

import logging
from typing import Any

from flask import Flask
from flask_socketio import SocketIO
from socketio import RedisManager

log = logging.getLogger(__name__)

socketio = SocketIO()
_CHANNEL = "muloqot"


def serve(app: Flask, redis_url: str, *, async_mode: str) -> None:
    """Attach the Socket.IO server of a web process."""
    socketio.init_app(
        app,
        client_manager=RedisManager(redis_url, channel=_CHANNEL),
        async_mode=async_mode,
        manage_session=False,
        ping_interval=20,
        ping_timeout=15,
        max_http_buffer_size=64 * 1024,
    )


def speak(redis_url: str) -> None:
    """Let a worker send to browsers through Redis without serving any."""
    manager = RedisManager(redis_url, channel=_CHANNEL, write_only=True)
    socketio.init_app(None, client_manager=manager, async_mode="threading")


def emit(event: str, data: Any, room: str) -> None:
    """Send to everyone in the room, in whatever process; a failure is logged, the page heals by refetching."""
    if socketio.server is None:
        return
    try:
        socketio.emit(event, data, to=room)
    except Exception:
        log.warning("push to %s failed", room.partition(":")[0], exc_info=True)


def close(room: str) -> None:
    """Put everyone out of the room, in whatever process."""
    if socketio.server is None:
        return
    try:
        socketio.close_room(room)
    except Exception:
        log.warning("room %s not closed", room.partition(":")[0], exc_info=True)
