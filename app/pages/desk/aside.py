"""Set a chat aside and take it up again: its owner keeps it (clause 8.7)."""

from datetime import datetime, timedelta

from flask import Response, abort, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.actions import snoozing
from app.base.clock import TASHKENT, business_day, day_bounds
from app.models.chat import ANSWER, Snooze
from app.pages.desk import desk, draw
from app.pages.desk.routing import opened
from app.pages.guard import needs, now, viewer
from app.pages.respond import wants_fragment
from app.queries import visible

_FOR = {"10m": timedelta(minutes=10), "30m": timedelta(minutes=30), "1h": timedelta(hours=1)}
_MORNING = timedelta(hours=9)


@desk.get("/chats/<int:chat_id>/aside")
@needs(ANSWER)
def aside_form(chat_id: int) -> Response:
    """A moment of one's own choice."""
    chat = visible.chat(viewer(), chat_id)
    suggested = f"{_tomorrow(now()).astimezone(TASHKENT):%Y-%m-%dT%H:%M}"
    if wants_fragment():
        return make_response(render_template("desk/_set_aside.html", chat=chat, suggested=suggested))
    return draw.page(chat, part="desk/_set_aside.html", suggested=suggested)


@desk.post("/chats/<int:chat_id>/aside")
@needs(ANSWER)
def set_aside_until(chat_id: int) -> AnyResponse:
    visible.chat(viewer(), chat_id)
    what = Snooze.BANK if request.form.get("what") == "bank" else Snooze.UNTIL
    until, reason = _told(request.form.get("until", "")), request.form.get("reason", "")
    snoozing.snooze(chat_id, what, until, viewer(), now(), reason=reason)
    return opened(chat_id)


@desk.post("/chats/<int:chat_id>/aside/<choice>")
@needs(ANSWER)
def set_aside(chat_id: int, choice: str) -> AnyResponse:
    """One of the usual spans, by one press."""
    visible.chat(viewer(), chat_id)
    what = Snooze.CLIENT if choice == "client" else Snooze.UNTIL
    snoozing.snooze(chat_id, what, _until(choice), viewer(), now())
    return opened(chat_id)


@desk.post("/chats/<int:chat_id>/wake")
@needs(ANSWER)
def wake(chat_id: int) -> AnyResponse:
    visible.chat(viewer(), chat_id)
    snoozing.wake_now(chat_id, viewer(), now())
    return opened(chat_id)


def _until(choice: str) -> datetime | None:
    if choice == "client":
        return None
    if choice == "tomorrow":
        return _tomorrow(now())
    return now() + _FOR[choice] if choice in _FOR else abort(404)


def _tomorrow(moment: datetime) -> datetime:
    """Nine in the morning of the next day in Tashkent."""
    return day_bounds(business_day(moment))[1] + _MORNING


def _told(entered: str) -> datetime | None:
    """A moment of Tashkent's clocks as a form sends it; None for what is none."""
    try:
        return datetime.fromisoformat(entered).replace(tzinfo=TASHKENT)
    except ValueError:
        return None
