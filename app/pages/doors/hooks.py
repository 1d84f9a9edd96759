"""Webhooks of the channels: the sender is proved on the raw bytes, the update stored, only then 200 answered.

They stand before the framework: a provider has neither session nor language nor page, and what Flask prepares for
those was a quarter of an update's time (docs/performance.md).
"""

import logging
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.exceptions import (
    ClientDisconnected,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    ServiceUnavailable,
)
from werkzeug.wsgi import get_content_length, get_input_stream

from app.actions import intake
from app.base import clock
from app.base.log import request_id
from app.channels import registry
from app.models.db import is_away
from app.queries import channels

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

_AT = "/hooks/"
_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LARGEST = 2**20
_STORED = "200 OK"


class Hooks:
    """The application with its webhooks before it: `/hooks/KIND/KEY`, whose key names the channel."""

    def __init__(self, app: Flask) -> None:
        self._app, self._rest = app, app.wsgi_app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(_AT):
            return self._rest(environ, start_response)
        status = self._status(environ)
        told = b"" if status is _STORED else status[:3].encode()
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(told)))]
        if status.startswith("405"):
            headers.append(("Allow", "POST"))  # RFC 9110, 15.5.6
        start_response(status, headers)
        return (told,)

    def _status(self, environ: "WSGIEnvironment") -> str:
        """What is answered; a provider tries again later whatever was not stored."""
        request_id.set(secrets.token_hex(8))
        try:
            with self._app.app_context():
                _accept(environ)
            return _STORED
        except HTTPException as refused:
            return _line(refused)
        except Exception as error:
            if is_away(error):
                log.error("the database is away: an update was not stored")
                return _line(ServiceUnavailable())
            log.exception("an update was not stored")
            return _line(InternalServerError())


def _accept(environ: "WSGIEnvironment") -> None:
    """A wrong key and a wrong secret answer alike; what comes by a wrong key is not even read. Raises HTTPException."""
    if environ["REQUEST_METHOD"] != "POST":
        raise MethodNotAllowed
    kind, _, key = environ["PATH_INFO"].removeprefix(_AT).partition("/")
    channel = channels.hook(key) if _KEY.fullmatch(key) else None
    if channel is None or channel.kind != kind or kind not in registry.kinds():
        raise NotFound
    door, body = registry.channel(kind), _body(environ)
    if not door.verify_hook(_headers(environ), body, channel.secret):
        raise NotFound
    raws = door.unpack(body)
    if not raws:  # another answer would make the provider send it again and again
        log.warning("channel %s was sent %s bytes that are no update", channel.id, len(body))
    intake.accept(channel.id, kind, raws, clock.now())


def _body(environ: "WSGIEnvironment") -> bytes:
    """All of it: a part would be taken for nonsense, and acknowledged."""
    body = get_input_stream(environ, max_content_length=_LARGEST + 1).read()
    if len(body) > _LARGEST:
        raise RequestEntityTooLarge
    if len(body) < (get_content_length(environ) or 0):
        raise ClientDisconnected
    return body


def _headers(environ: "WSGIEnvironment") -> Mapping[str, str]:
    """By their names in small letters."""
    return {name[5:].replace("_", "-").lower(): told for name, told in environ.items() if name.startswith("HTTP_")}


def _line(error: HTTPException) -> str:
    return f"{error.code} {error.name}"
