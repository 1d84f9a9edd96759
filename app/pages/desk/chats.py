"""The desk: the list, one chat, and the parts that pages fetch again to heal."""

from datetime import datetime, timedelta

from flask import Response, abort, make_response, render_template, request
from flask_babel import lazy_gettext as _l

from app.actions import journal
from app.models.chat import READ
from app.models.desk import WORK
from app.models.journal import declare as declare_kind
from app.pages.desk import desk, draw
from app.pages.guard import needs, now, origin, viewer
from app.queries import thread, visible

SEEN = declare_kind("chat.seen", _l("Chat of another looked at"))

# An event is found by its time: nothing that a page still misses is older than this.
_HEALED_BACK = timedelta(days=2)


@desk.get("/chats")
@needs(WORK)
def chats() -> Response:
    return draw.page(tab=request.args.get("tab", ""))


@desk.get("/chats/list")
@needs(WORK)
def chat_rows() -> Response:
    """The list alone: a tab, a refetch, or (`before`) older finished chats."""
    tab = request.args.get("tab", "mine")
    if tab not in draw.TABS:
        abort(404)
    current = request.args.get("current", type=int)
    values = draw.listed(tab, current, _moment(request.args.get("before", "")), draw.wish())
    return make_response(render_template("desk/_list.html", **values))


@desk.get("/chats/<int:chat_id>")
@needs(READ)
def chat(chat_id: int) -> Response:
    if "before" in request.args:
        _cursor()
    shown = visible.chat(viewer(), chat_id)
    if shown.owner_id != viewer().person_id:
        journal.saw(SEEN, viewer(), now(), origin(), of=("chat", chat_id))
    return draw.page(shown)


@desk.get("/chats/<int:chat_id>/head")
@needs(READ)
def head(chat_id: int) -> Response:
    return make_response(render_template("desk/_head.html", **draw.parts(visible.chat(viewer(), chat_id))))


@desk.get("/chats/<int:chat_id>/composer")
@needs(READ)
def composer(chat_id: int) -> Response:
    return make_response(render_template("desk/_composer.html", **draw.parts(visible.chat(viewer(), chat_id))))


@desk.get("/chats/<int:chat_id>/changes")
@needs(READ)
def changes(chat_id: int) -> Response:
    """What was added or changed after `since`; 409 when it is too much and the talk is better fetched whole."""
    shown = visible.chat(viewer(), chat_id)
    since = request.args.get("since", 0, type=int)
    found = thread.changed_since(chat_id, since, shown.arrived_at - _HEALED_BACK)
    if not found.whole:
        return Response(status=409)
    answer = make_response(render_template("desk/_flow.html", flow=draw.flow(found)))
    answer.headers["X-Rev"] = str(shown.rev)
    return answer


@desk.get("/chats/<int:chat_id>/older")
@needs(READ)
def older(chat_id: int) -> Response:
    """What stands above `before`."""
    visible.chat(viewer(), chat_id)
    found = thread.before(chat_id, _cursor())
    return make_response(
        render_template("desk/_flow.html", flow=draw.flow(found), before=found.before, chat_id=chat_id, paged=True)
    )


def _cursor() -> str:
    """The place asked for; what is none is not found."""
    cursor = request.args.get("before", "")
    try:
        thread.read_cursor(cursor)
    except (ValueError, OverflowError):
        abort(404)
    return cursor


def _moment(told: str) -> datetime | None:
    try:
        return datetime.fromisoformat(told) if told else None
    except ValueError:
        abort(404)
