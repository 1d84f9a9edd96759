"""The door of every request: who asks, from where, with what right, and whether the page really is ours."""

import secrets
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.actions import access, leases, sessions
from app.actions.journal import Origin
from app.base import clock, crypt
from app.base.locale import LOCALES, negotiate
from app.base.log import request_id
from app.config import Settings
from app.models.access import Area, plain
from app.models.permission import Permission
from app.models.viewer import Viewer
from app.pages.cookies import session_cookie, set_session_cookie
from app.queries import access as lists
from app.queries import passwords
from app.queries import sessions as living
from app.queries import viewer as viewers

View = TypeVar("View", bound=Callable[..., object])

SAFE = ("GET", "HEAD", "OPTIONS")
# The page's own files; everything else carries a rule of its own.
_FILES = ("static",)
# Asked by the machines around us, which no access list is made for.
_LAMPS = ("entry.healthz", "entry.readyz", "entry.metrics")
# Where those go first who must: see Viewer.must.
_FIRST = {"password": "me.password", "factor": "me.factor"}

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


def settles(duty: str) -> Callable[[View], View]:
    """A page of what must be done before all else: it stays open to whoever still has to do that."""

    def mark(view: View) -> View:
        view.settles = duty  # type: ignore[attr-defined]
        return view

    return mark


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
            found = plain(ip_address(hop))
        except ValueError:
            break
        if not any(found in network for network in trusted):
            return str(found)
    return request.remote_addr or ""


def csrf_token() -> str:
    """An HMAC of the session, salted anew each time so that compression cannot leak it."""
    salt = secrets.token_hex(6)
    return f"{salt}.{crypt.sign('csrf', f'{salt}.{_holder()}')}"


def viewer_of_cookie() -> Viewer | None:
    token = request.cookies.get(session_cookie())
    if not token:
        return None
    moment = clock.now()
    limits = vars(living.horizon(moment))
    return viewers.of_session(token, **limits, password_since=passwords.stale_since(moment), now=moment)


def viewer_of_socket() -> Viewer | None:
    """Who may open a socket: whoever is let in from here and has nothing to do first."""
    found = viewer_of_cookie() if admitted(Area.SITE, address(), clock.now()) else None
    return found if found is not None and not found.must else None


def admitted(area: Area, source: str, moment: datetime) -> bool:
    """Whether an access list lets the address in."""
    return lists.rules(area).admit(source, moment)


def _open() -> AnyResponse | None:
    g.now = clock.now()
    request_id.set(request.headers.get("X-Request-Id", "")[:64] or secrets.token_hex(8))
    if request.endpoint is None or request.endpoint in _FILES:
        return None
    view = current_app.view_functions[request.endpoint]
    rule = getattr(view, "rule", None)
    if rule is None:
        abort(403)
    if request.blueprint == "doors":  # other systems: no cookie, each door proves its caller by itself
        return None
    if request.endpoint not in _LAMPS and (area := _closed_area()):
        return _kept_out(area)
    g.viewer = viewer_of_cookie()
    if g.viewer is None and rule != "public":  # also a page whose session is over: its token is nobody's
        return _to_sign_in()
    if request.method not in SAFE:
        _prove_own_page()
    if g.viewer is None or rule == "public":
        return None
    if g.viewer.must and getattr(view, "settles", None) != g.viewer.must and request.endpoint != "entry.sign_out":
        return _sent_to(url_for(_FIRST[g.viewer.must]))
    if isinstance(rule, Permission) and not g.viewer.may(rule):
        abort(403)
    if g.viewer.renew:
        g.renewed = sessions.renew(g.viewer.session_id, request.cookies[session_cookie()], g.now)
    if "X-Unattended" not in request.headers:
        sessions.touch(g.viewer, g.now)
        leases.seen(g.viewer.person_id, g.now, acted=_by_hand())
    return None


def _by_hand() -> bool:
    """A whole page asked for, or a form sent without scripts: only a person does that. A script says what it is."""
    scripted = "HX-Request" in request.headers or "X-CSRF-Token" in request.headers
    return not scripted and "text/html" in request.headers.get("Accept", "")


def _closed_area() -> Area | None:
    """The part of the system, if any, that an access list closes to where this request comes from."""
    asked = [Area.SITE, Area.OFFICE] if request.blueprint == "office" else [Area.SITE]
    return next((area for area in asked if not admitted(area, address(), g.now)), None)


def _kept_out(area: Area) -> AnyResponse:
    access.refused(area, origin(), g.now)
    return make_response(render_template("entry/kept_out.html", area=area.value, address=address()), 403)


def _to_sign_in() -> AnyResponse:
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return _sent_to(url_for("entry.sign_in", next=back if back != "/" else None))


def _sent_to(target: str) -> AnyResponse:
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
    policy = response.headers.setdefault("Content-Security-Policy", _CSP)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if "frame-ancestors" not in policy or "frame-ancestors 'none'" in policy:
        response.headers["X-Frame-Options"] = "DENY"  # the older word for it; it cannot name several sites
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    response.headers["X-Request-Id"] = request_id.get()
    if request.endpoint not in _FILES:
        response.headers.setdefault("Cache-Control", "no-store")
    if _settings().https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if g.get("renewed"):
        set_session_cookie(response, g.renewed)
    if "visitor" in g and "visitor" not in request.cookies:
        response.set_cookie("visitor", g.visitor, httponly=True, samesite="Lax", secure=_settings().https)
    return response


def page_locale() -> str:
    """The language of the page: the person's, else the visitor's choice, else what the browser asks for."""
    if g.get("viewer") is not None:
        return str(g.viewer.locale)
    chosen = request.cookies.get("language", "")
    return chosen if chosen in LOCALES else negotiate(request.headers.get("Accept-Language"))


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
