"""Who asks at the chat's door: our own page, by a token in a header. No cookie, so nothing to forge from elsewhere."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, jsonify, request
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from app.actions.widget_entry import NotYourToken
from app.base import wire
from app.base.floods import Flood
from app.base.locale import DEFAULT, read_tag
from app.base.refusal import Refusal
from app.pages import guard
from app.pages.guard import now
from app.queries import widget
from app.queries.widget import Door, Home, Visitor

# A person types slower. Behind one address stands a whole office, or a mobile operator.
_WORDS = Flood("widget", rate=0.5, burst=12)
_WORDS_OF_ADDRESS = Flood("widget-address", rate=5, burst=120)
_ENTRIES = Flood("widget-entry", rate=2, burst=120)


class TooFast(Refusal):
    """`seconds` until the next try."""

    notice = _l("Too many messages at once. What you wrote is kept and will be sent in %(seconds)s s.")
    status = 429


class NothingSaid(Refusal):
    notice = _l("There is no chat yet. Write your question.")
    status = 404


def told(view: Callable[[Door], Response]) -> Callable[..., Response]:
    """Only for our own page; a refusal is a sentence in the visitor's language."""

    @wraps(view)
    def asked(key: str) -> Response:
        door = widget.door(key)
        if door is None or not _from_own_page():
            return Response(status=404)
        try:
            return view(door)
        except Refusal as refusal:
            with force_locale(language()):
                answer = jsonify(error=type(refusal).__name__, notice=refusal.message)
            answer.status_code = refusal.status
            if "seconds" in refusal.values:
                answer.headers["Retry-After"] = str(refusal.values["seconds"])
            return answer

    return asked


def visitor(door: Door) -> Visitor:
    """Raises NotYourToken."""
    found = widget.visitor(door, token(), now())
    if found is None:
        raise NotYourToken
    return found


def speaker(door: Door) -> Visitor:
    """The same, not too often; asked before a body is read. Raises NotYourToken, TooFast."""
    found = visitor(door)
    _slow(_WORDS.wait(found.token_hash.hex()), _WORDS_OF_ADDRESS.wait(guard.address()))
    return found


def home(door: Door) -> Home:
    """Raises NotYourToken, NothingSaid."""
    found = widget.home(visitor(door))
    if found is None:
        raise NothingSaid
    return found


def newcomer() -> str:
    """The token of who enters. Raises TooFast when one address opens chat after chat."""
    _slow(_ENTRIES.wait(guard.address()))
    return token()


def token() -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def language() -> str:
    return read_tag(request.headers.get("X-Language", "")) or DEFAULT


def chosen() -> bool:
    """Whether the person chose this language in the chat, and not the site for him."""
    return "X-Language-Chosen" in request.headers


def answering() -> AbstractContextManager[None]:
    """What happens inside comes with the answer: it is not pushed to the very page that asks."""
    return wire.answering(request.headers.get("X-Socket", "")[:64])


def wish() -> dict[str, Any]:
    """A JSON body; {} for whatever is none."""
    found = request.get_json(silent=True)
    return found if isinstance(found, dict) else {}


def _slow(*waits: float) -> None:
    if max(waits) > 0:
        raise TooFast(seconds=max(1, round(max(waits))))


def _from_own_page() -> bool:
    """The page lives under our own address, whatever site it stands in."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    source = request.headers.get("Origin")
    own = urlsplit(current_app.config["SETTINGS"].url).netloc
    return not source or urlsplit(source).netloc in (request.host, own)
