"""The application, put together. The only file that sees all floors; a process that needs little imports little."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_babel import Babel
from sqlalchemy.exc import ProgrammingError
from whitenoise import WhiteNoise

from app.base import crypt, log, prepared, redis, wire
from app.base.locale import LOCALES
from app.config import Misconfigured, Settings, read_environment
from app.models.db import db
from app.pages import asking, guard, respond, socket, templating
from app.pages.desk import desk
from app.pages.doors import doors, widget_socket
from app.pages.doors.hooks import Hooks
from app.pages.entry import entry
from app.pages.me import me
from app.pages.office import office
from app.pages.styleguide import styleguide
from app.pages.watch import watch
from app.queries import people

ROOT = Path(__file__).parent.parent


def start(*, serve: bool = False, patience: int | None = None) -> Flask:
    """The application of a process: what is misconfigured is one clear line on its way out, not a traceback."""
    try:
        return create_app(serve=serve, patience=patience)
    except (Misconfigured, crypt.KeyMissing) as error:
        sys.exit(f"muloqot: {error}")


def create_app(settings: Settings | None = None, *, serve: bool = False, patience: int | None = None) -> Flask:
    """The application. `serve`: this process answers browsers and sockets; otherwise it is a worker or a command.

    `patience`: seconds that the database may take for one statement; None: as long as it takes.
    """
    settings = settings or read_environment()
    app = Flask("app")
    app.config.update(_flask_config(settings, patience), SETTINGS=settings)
    log.configure(settings.log_level, json=settings.production)
    ring = crypt.KeyRing.load(settings.keys)
    crypt.use(ring, settings.keys)
    app.secret_key = ring.web_key("notices")
    redis.connect(settings.redis_url)
    db.init_app(app)
    Babel(
        app,
        default_locale="ru",
        default_timezone="Asia/Tashkent",
        default_translation_directories=str(ROOT / "translations"),
        locale_selector=templating.locale_of_page,
    )
    asking.install(app)
    templating.install(app)
    guard.install(app)
    respond.install(app)
    for blueprint in (entry, me, desk, watch, office, doors):
        app.register_blueprint(blueprint)
    if not settings.production:
        app.register_blueprint(styleguide)
    if settings.production:
        _refuse_demo(app)
    if serve:
        _serve(app, settings)
    else:
        wire.speak(settings.redis_url)
    app.wsgi_app = Hooks(app)  # type: ignore[method-assign]
    return app


def _refuse_demo(app: Flask) -> None:
    """A bank's system has no people with passwords that were printed for everyone (clause 12.7)."""
    with app.app_context():
        try:
            if people.any_demo():
                raise Misconfigured("this database has demonstration people; production starts on one without them")
        except ProgrammingError:  # before the first migration there is nobody
            pass


def _serve(app: Flask, settings: Settings) -> None:
    wire.serve(app, settings.redis_url, async_mode="threading" if settings.mode == "test" else "gevent")
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(ROOT / "app" / "static"),
        prefix="static/",
        max_age=365 * 86400,
        immutable_file_test=lambda path, url: True,  # every address carries the hash of its content
        autorefresh=not settings.production,
    )
    wire.socketio.start_background_task(socket.keep_watch, app)
    wire.socketio.start_background_task(widget_socket.keep_told)


# A process that stops in the middle of a transaction holds nobody up for long; nor does a network that swallows
# everything: after half a minute the server ends the session with its locks, and we give the connection up.
_SESSION = (
    "timezone=UTC",
    "lock_timeout=10s",
    "idle_in_transaction_session_timeout=120s",
    "tcp_keepalives_idle=15",
    "tcp_keepalives_interval=5",
    "tcp_keepalives_count=3",
    "tcp_user_timeout=30s",
)
_CONNECTION = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def _creator(settings: Settings, patience: int | None) -> Callable[[], object]:
    session = (*_SESSION, f"statement_timeout={patience}s") if patience else _SESSION
    options = {**_CONNECTION, "options": " ".join(f"-c {one}" for one in session)}
    # The server ends a statement that takes too long; whoever hears nothing of that either has lost the server.
    return prepared.connecting(settings.database_url, options, patience and patience + prepared.AT_ONCE)


def _flask_config(settings: Settings, patience: int | None) -> dict[str, object]:
    return {
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": 10,
            "max_overflow": 20,
            "pool_timeout": 10,
            "pool_events": [(prepared.awake, "checkout")],
            "hide_parameters": True,  # they are clients' words, and errors reach the log
            "creator": _creator(settings, patience),
        },
        "BABEL_LOCALES": list(LOCALES),
        "MAX_CONTENT_LENGTH": 25 * 2**20,
        "MAX_FORM_MEMORY_SIZE": 2**20,
        "SESSION_COOKIE_NAME": "notices",
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.https,
        "TEMPLATES_AUTO_RELOAD": settings.mode == "test",
    }


logging.getLogger("werkzeug").setLevel(logging.WARNING)
