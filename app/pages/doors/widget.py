"""The chat on the bank's site: the script that opens it, and its page, which the bank's app shows as well."""

import json
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Response, abort, current_app, make_response, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _

from app.actions.widget import LONGEST
from app.base.locale import LOCALES, html_lang, negotiate, read_tag
from app.models.names import pick
from app.pages.doors import doors
from app.pages.guard import now, public
from app.pages.templating import brand_colour, ink_on
from app.queries import hours, passages, widget
from app.queries.auto_replies import opens
from app.queries.widget import Door

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; "
    "connect-src 'self' {socket}; form-action 'self'; base-uri 'none'; frame-ancestors {sites}"
)


@doors.get("/widget.js")
@public
def widget_script() -> Response:
    """The one script of the bank's page: a button, and a frame once it is pressed."""
    known = {"words": _words(), "colour": brand_colour(), "ink": ink_on(brand_colour())}
    answer = make_response(_script().replace("__DESK__", json.dumps(known, ensure_ascii=False)))
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@doors.get("/widget/<key>")
@public
def widget_page(key: str) -> Response:
    """The chat itself. In a frame only on the sites of this channel; alone, in the bank's app, everywhere."""
    door = widget.door(key)
    if door is None or _framed_by_stranger(door):
        abort(404)
    code = read_tag(request.args.get("lang", "")) or negotiate(request.headers.get("Accept-Language"))
    with force_locale(code):
        about = {**_said(door, code), "moves": passages.bot_of(door.channel_id) is not None}
        page = render_template("widget/chat.html", door=door, longest=LONGEST, state=widget.State(), **about)
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = _CSP.format(socket=_socket(), sites=" ".join(door.origins) or "'none'")
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _said(door: Door, code: str) -> dict[str, str]:
    """The bank's own words in this language."""
    return {
        "title": pick(door.titles, code) or _("Chat with the bank"),
        "greeting": pick(door.greetings, code),
        "notice": pick(door.notices, code),
        "hours": _hours(door, code),
    }


def _hours(door: Door, code: str) -> str:
    """When the bank answers again; "" while it does."""
    found = hours.open_now(None, door.channel_id, now())
    when = opens(found.next_at, now(), code)
    return _("We are closed now and will answer %(when)s.", when=when) if when else ""


def _framed_by_stranger(door: Door) -> bool:
    """Browsers that tell who frames us are told no at once; frame-ancestors holds the others."""
    if request.headers.get("Sec-Fetch-Dest") != "iframe" or not request.referrer:
        return False
    parts = urlsplit(request.referrer)
    return f"{parts.scheme}://{parts.netloc}" not in (*door.origins, request.host_url.rstrip("/"))


def _socket() -> str:
    """Browsers before 2022 do not read 'self' as the socket's address too."""
    own = urlsplit(current_app.config["SETTINGS"].url)
    return f"{'wss' if own.scheme == 'https' else 'ws'}://{own.netloc}"


def _words() -> dict[str, dict[str, str]]:
    """What the button says, by the language of the bank's page."""
    found = {}
    for code in LOCALES:
        with force_locale(code):
            found[html_lang(code)] = {
                "open": _("Chat with the bank"),
                "close": _("Close the chat"),
                "unread": _("new messages"),
            }
    return found


@cache
def _script() -> str:
    return (Path(current_app.static_folder or "") / "widget" / "widget.js").read_text()
