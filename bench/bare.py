"""The floor of a web process: Flask and Socket.IO with nothing in them. `gunicorn bench.bare:app`."""

from gevent import monkey

monkey.patch_all()

from flask import Flask, Response  # noqa: E402
from flask_socketio import SocketIO  # noqa: E402

app = Flask("bare")
socketio = SocketIO(app, async_mode="gevent", cors_allowed_origins="*")


@app.get("/healthz")
def healthz() -> Response:
    return Response("ok")


@app.get("/say/<int:size>")
def say(size: int) -> Response:
    """Send so many characters to everybody."""
    socketio.emit("bench", {"html": "x" * size})
    return Response("ok")


@socketio.on("connect")
def connect(auth: object = None) -> None:
    """Whoever comes may listen."""
