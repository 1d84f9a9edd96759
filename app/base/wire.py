"""The wire: Socket.IO between processes and browsers. Nothing depends on a push having arrived."""

import hashlib
import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import Flask
from flask_socketio import SocketIO
from redis.client import PubSub
from redis.exceptions import RedisError, TimeoutError
from socketio import PubSubManager

from app.base import redis

log = logging.getLogger(__name__)

socketio = SocketIO()

# Seconds: without a word from Redis until it is asked for one, as long again until it is given up; between two tries.
_SILENCE, _BREATH = 3.0, 1.0

_waiting: ContextVar[list[Any] | None] = ContextVar("waiting", default=None)
_answered: ContextVar[str] = ContextVar("answered", default="")


class _Letters:
    """JSON that keeps Cyrillic as it is: escaped, a pushed row would be a third longer."""

    loads = staticmethod(json.loads)

    @staticmethod
    def dumps(data: Any, **options: Any) -> str:
        return json.dumps(data, **{**options, "ensure_ascii": False})


class _Manager(PubSubManager):
    """Speaks by the process's own client, so nobody waits long for a stalled Redis, and hears by a watched connection.

    The library's RedisManager publishes without any time-out, never notices a connection that has gone silent, and is
    deaf for up to a minute after an outage.
    """

    name = "redis"

    def __init__(self, redis_url: str, *, write_only: bool = False) -> None:
        super().__init__(channel=_channel(redis_url), write_only=write_only)
        self._url = redis_url
        self.hears = write_only
        self.missed = False

    def publish_all(self, packets: list[Any]) -> None:
        """In order, in one trip to Redis; what is lost is told to the pages later, by a heal."""
        try:
            with redis.client().pipeline(transaction=False) as pipeline:
                for packet in packets:
                    pipeline.publish(self.channel, packet)
                pipeline.execute()
        except (RedisError, OSError) as error:
            self.missed = True
            log.warning("%s pushes lost: %s", len(packets), type(error).__name__)

    def _publish(self, data: Any) -> None:
        waiting = _waiting.get()
        if waiting is None:
            self.publish_all([self.json.dumps(data)])
        else:
            waiting.append(self.json.dumps(data))

    def _listen(self) -> Iterator[bytes]:
        with redis.client_for(self._url) as own:
            while True:
                try:
                    with own.pubsub() as heard:
                        yield from self._said_on(heard)
                except (RedisError, OSError) as error:
                    if self.hears or not self.missed:  # told once, not each second
                        log.warning("pushes are not heard: %s", type(error).__name__)
                self.hears, self.missed = False, True
                time.sleep(_BREATH)

    def _said_on(self, heard: PubSub) -> Iterator[bytes]:
        """What others say. When nobody says anything Redis itself is asked for a word."""
        heard.subscribe(self.channel)
        asked = False
        while True:
            said = heard.get_message(timeout=_SILENCE)
            if said is None and asked:
                raise TimeoutError("Redis is silent")
            if said is None:
                heard.ping()
            elif said["type"] == "message":
                yield said["data"]
            else:  # subscribed, or the answer to our ping
                self.hears = True
            asked = said is None


def serve(app: Flask, redis_url: str, *, async_mode: str) -> None:
    """Attach the Socket.IO server of a web process."""
    socketio.init_app(
        app,
        client_manager=_Manager(redis_url),
        async_mode=async_mode,
        manage_session=False,
        json=_Letters,
        ping_interval=20,
        ping_timeout=15,
        max_http_buffer_size=64 * 1024,
    )


def speak(redis_url: str) -> None:
    """Let a worker send to browsers through Redis without serving any."""
    socketio.init_app(None, client_manager=_Manager(redis_url, write_only=True), async_mode="threading")


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
            socketio.server.manager.publish_all(packets)


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


def whole_again() -> bool:
    """True once, after pushes of this process or to it were lost, as soon as they arrive again: time to heal."""
    manager = socketio.server.manager if socketio.server is not None else None
    if not isinstance(manager, _Manager) or not (manager.missed and manager.hears):
        return False
    try:
        redis.client().ping()
    except RedisError:
        return False
    manager.missed = False
    return True


def _channel(redis_url: str) -> str:
    """Redis publishes past the borders of its databases, so each system speaks on a channel of its own."""
    return f"muloqot:{hashlib.sha256(redis_url.encode()).hexdigest()[:12]}"
