"""The door of every request: who asks, from where, with what right, and whether the page really is ours."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.actions import sessions
from app.actions.journal import Origin
from app.base import clock, crypt
from app.base.locale import negotiate
from app.base.log import request_id
from app.config import Settings
from app.models.permission import Permission
from app.models.viewer import Viewer
from app.queries import settings as stored
from app.queries import viewer as viewers

View = TypeVar("View", bound=Callable[..., object])

SAFE = ("GET", "HEAD", "OPTIONS")
# The page's own files; everything else carries a rule of its own.
_FILES = ("static",)

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)


def needs(permission: Permission) -> Callable[[View], View]:
    """Only for people whose role has this permission."""

    def mark(view: View) -> View:
        view.rule = permission  # type: ignore[attr-defined]
        return view

    return mark


def signed_in(view: View) -> View:
    """For everyone who is signed in, whatever the role."""
    view.rule = "signed in"  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """For everyone. Each of these stands in tests/house/test_guard.py's short list."""
    view.rule = "public"  # type: ignore[attr-defined]
    return view


def install(app: Flask) -> None:
    app.before_request(_open)
    app.after_request(_close)
    app.jinja_env.globals["csrf_token"] = csrf_token


def viewer() -> Viewer:
    """The signed-in person of this request; only where the rule is `needs` or `signed_in`."""
    found: Viewer | None = g.get("viewer")
    if found is None:
        raise RuntimeError("this route is public: nobody is signed in")
    return found


def now() -> datetime:
    """One moment for the whole request."""
    moment: datetime = g.now
    return moment


def origin() -> Origin:
    return Origin(address(), request.headers.get("User-Agent", ""))


def address() -> str:
    """The client's address: what the nearest untrusted hop said, and the header only from a trusted proxy."""
    trusted = _settings().trusted_proxies
    hops = [request.remote_addr or ""]
    hops += reversed([hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()])
    for hop in hops:
        try:
            found = ip_address(hop)
        except ValueError:
            break
        if not any(found in network for network in trusted):
            return str(found)
    return request.remote_addr or ""


def csrf_token() -> str:
    """An HMAC of the session, salted anew each time so that compression cannot leak it."""
    salt = secrets.token_hex(6)
    return f"{salt}.{crypt.sign('csrf', f'{salt}.{_holder()}')}"


def cookie_name() -> str:
    return "__Host-muloqot" if _settings().https else "muloqot"


def set_session_cookie(response: Response, token: str) -> Response:
    """Hand the session's token to the browser; scripts cannot read it."""
    response.set_cookie(cookie_name(), token, httponly=True, samesite="Lax", secure=_settings().https, path="/")
    return response


def viewer_of_cookie() -> Viewer | None:
    token = request.cookies.get(cookie_name())
    if not token:
        return None
    moment = clock.now()
    return viewers.of_session(
        token,
        idle_since=moment - timedelta(minutes=stored.value(sessions.IDLE_MINUTES)),
        absolute_since=moment - timedelta(hours=stored.value(sessions.ABSOLUTE_HOURS)),
    )


def _open() -> AnyResponse | None:
    g.now = clock.now()
    request_id.set(request.headers.get("X-Request-Id", "")[:64] or secrets.token_hex(8))
    if request.endpoint is None or request.endpoint in _FILES:
        return None
    rule = getattr(current_app.view_functions[request.endpoint], "rule", None)
    if rule is None:
        abort(403)
    if request.blueprint == "doors":  # other systems: no cookie, each door proves its caller by itself
        return None
    g.viewer = viewer_of_cookie()
    if request.method not in SAFE:
        _prove_own_page()
    if rule == "public":
        return None
    if g.viewer is None:
        return _to_sign_in()
    if isinstance(rule, Permission) and not g.viewer.may(rule):
        abort(403)
    if request.endpoint != "entry.healthz" and "X-Unattended" not in request.headers:
        sessions.touch(g.viewer, g.now)
    return None


def _to_sign_in() -> AnyResponse:
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    target = url_for("entry.sign_in", next=back if back != "/" else None)
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": target})
    return redirect(target, 303)


def _prove_own_page() -> None:
    """A change is accepted only from our own page: token, and no word from the browser that it came from elsewhere."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    source = request.headers.get("Origin")
    if source and urlsplit(source).netloc not in (request.host, urlsplit(_settings().url).netloc):
        abort(403)
    salt, _, signature = (request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")).partition(".")
    if not crypt.check_signature("csrf", f"{salt}.{_holder()}", signature):
        abort(403)


def _holder() -> str:
    """Whose token: the session, or the anonymous visitor of the sign-in page."""
    if g.get("viewer") is not None:
        return str(g.viewer.session_id)
    if "visitor" not in g:
        g.visitor = request.cookies.get("visitor") or secrets.token_hex(16)
    return f"visitor:{g.visitor}"


def _close(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _CSP)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    response.headers["X-Request-Id"] = request_id.get()
    if request.endpoint not in _FILES:
        response.headers.setdefault("Cache-Control", "no-store")
    if _settings().https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if "visitor" in g and "visitor" not in request.cookies:
        response.set_cookie("visitor", g.visitor, httponly=True, samesite="Lax", secure=_settings().https)
    return response


def page_locale() -> str:
    """The language of the page: the person's, else the visitor's choice, else what the browser asks for."""
    if g.get("viewer") is not None:
        return str(g.viewer.locale)
    return request.cookies.get("language") or negotiate(request.headers.get("Accept-Language"))


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
