"""The cookies of a sign-in. Scripts read none of them; over TLS each is bound to this very host."""

from datetime import timedelta

from flask import current_app, request
from werkzeug.wrappers import Response

from app.config import Settings
from app.models.session import DEVICE_LASTS, HALF_LASTS


def session_cookie() -> str:
    return _name("muloqot")


def set_session_cookie(response: Response, token: str) -> Response:
    """Hand the session's token to the browser; it goes with the browser."""
    return _set(response, session_cookie(), token, None)


def drop_session_cookie(response: Response) -> Response:
    response.delete_cookie(session_cookie(), path="/")
    return response


def device() -> str:
    """The token of a browser that somebody has signed in with before; "" for a strange one."""
    return request.cookies.get(_name("device"), "")


def set_device_cookie(response: Response, token: str) -> Response:
    """Outlives sessions and sign-outs: it opens nothing, it only keeps its owner's tries apart from others'."""
    return _set(response, _name("device"), token, DEVICE_LASTS)


def half() -> str:
    """The token of a sign-in that has not come to its end."""
    return request.cookies.get(_name("half"), "")


def set_half_cookie(response: Response, token: str) -> Response:
    return _set(response, _name("half"), token, HALF_LASTS)


def drop_half_cookie(response: Response) -> Response:
    if half():
        response.delete_cookie(_name("half"), path="/")
    return response


def _set(response: Response, name: str, token: str, lasts: timedelta | None) -> Response:
    response.set_cookie(name, token, max_age=lasts, httponly=True, samesite="Lax", secure=_https(), path="/")
    return response


def _name(bare: str) -> str:
    return f"__Host-{bare}" if _https() else bare


def _https() -> bool:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.https
