"""The wire: Socket.IO between processes and browsers. Nothing depends on a push having arrived."""

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import Flask
from flask_socketio import SocketIO
from socketio import RedisManager

log = logging.getLogger(__name__)

socketio = SocketIO()


_waiting: ContextVar[list[Any] | None] = ContextVar("waiting", default=None)
_answered: ContextVar[str] = ContextVar("answered", default="")


class _Letters:
    """JSON that keeps Cyrillic as it is: escaped, a pushed row would be a third longer."""

    loads = staticmethod(json.loads)

    @staticmethod
    def dumps(data: Any, **options: Any) -> str:
        return json.dumps(data, **{**options, "ensure_ascii": False})


class _Manager(RedisManager):
    """Sends what is said together in one trip to Redis."""

    def _publish(self, data: Any) -> None:
        waiting = _waiting.get()
        if waiting is None:
            super()._publish(data)
        else:
            waiting.append(self.json.dumps(data))

    def publish_all(self, packets: list[Any]) -> None:
        if not self.connected:
            self._redis_connect()
        with self.redis.pipeline(transaction=False) as pipeline:
            for packet in packets:
                pipeline.publish(self.channel, packet)
            pipeline.execute()


def serve(app: Flask, redis_url: str, *, async_mode: str) -> None:
    """Attach the Socket.IO server of a web process."""
    socketio.init_app(
        app,
        client_manager=_Manager(redis_url, channel=_channel(redis_url)),
        async_mode=async_mode,
        manage_session=False,
        json=_Letters,
        ping_interval=20,
        ping_timeout=15,
        max_http_buffer_size=64 * 1024,
    )


def speak(redis_url: str) -> None:
    """Let a worker send to browsers through Redis without serving any."""
    manager = _Manager(redis_url, channel=_channel(redis_url), write_only=True)
    socketio.init_app(None, client_manager=manager, async_mode="threading")


@contextmanager
def together() -> Iterator[None]:
    """What is emitted inside leaves at the end, in order, in one trip."""
    packets: list[Any] = []
    token = _waiting.set(packets)
    try:
        yield
    finally:
        _waiting.reset(token)
        if packets and socketio.server is not None:
            try:
                socketio.server.manager.publish_all(packets)
            except Exception:
                log.warning("%s pushes failed", len(packets), exc_info=True)


@contextmanager
def answering(socket_id: str) -> Iterator[None]:
    """Inside, a request is served whose answer tells the page of this socket all that changes."""
    token = _answered.set(socket_id)
    try:
        yield
    finally:
        _answered.reset(token)


def answered() -> str:
    """The socket of the page that gets it in the answer; "" when there is none."""
    return _answered.get()


def emit(event: str, data: Any, room: str, namespace: str = "/") -> None:
    """Send to everyone in the room, in whatever process; a failure is logged, the page heals by refetching."""
    if socketio.server is None:
        return
    try:
        socketio.emit(event, data, to=room, namespace=namespace, skip_sid=_answered.get() or None)
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


def _channel(redis_url: str) -> str:
    """Redis publishes past the borders of its databases, so each system speaks on a channel of its own."""
    return f"muloqot:{hashlib.sha256(redis_url.encode()).hexdigest()[:12]}"
