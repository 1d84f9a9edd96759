"""What pages say over sockets: whatever does not fit its handler is not heard."""

import inspect
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask_socketio import ConnectionRefusedError
from sqlalchemy.exc import DataError

from app.base.wire import socketio
from app.models.db import db

log = logging.getLogger(__name__)

Handler = TypeVar("Handler", bound=Callable[..., Any])


def heard(event: str, namespace: str = "/") -> Callable[[Handler], Handler]:
    """Hear an event. Too few or too many words, or such as no database holds, are ignored: any page may send them.

    Whoever comes with such words is not let in.
    """

    def declare(handler: Handler) -> Handler:
        fits = inspect.signature(handler)

        @wraps(handler)
        def hear(*said: object) -> Any:
            try:
                fits.bind(*said)
            except TypeError:
                return None
            try:
                return handler(*said)
            except (DataError, UnicodeEncodeError) as error:
                log.warning("%s was said with what cannot be kept: %s", event, type(error).__name__)
                if event == "connect":
                    raise ConnectionRefusedError("unknown") from error
                return None
            except Exception as error:
                if event != "connect" or isinstance(error, ConnectionRefusedError):
                    raise
                # Neither let in nor refused, a page would wait for its answer for ever.
                log.error("nobody can be let in: %s", type(error).__name__)
                raise ConnectionRefusedError("away") from error
            finally:
                db.session.remove()

        socketio.on(event, namespace=namespace)(hear)
        return handler

    return declare
