"""Search inside one chat: how often, where, and the page of the talk around each place; later messages on demand."""

from typing import Any

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.actions import journal
from app.base.fold import fold
from app.base.masks import without_secrets
from app.models.chat import READ
from app.pages.desk import desk, draw
from app.pages.desk.history import SEARCHED
from app.pages.guard import needs, now, origin, viewer
from app.pages.respond import wants_fragment
from app.queries import around, search, visible
from app.queries.search import Wish

_MOST_WORDS = 120
_MOST = 200


@desk.get("/chats/<int:chat_id>/find")
@needs(READ)
def find_in_chat(chat_id: int) -> AnyResponse:
    """The bar above the talk, with where the words stand; without scripts the history of this one chat."""
    visible.chat(viewer(), chat_id)
    words = request.args.get("q", "").strip()[:_MOST_WORDS]
    if not wants_fragment():
        return redirect(url_for("desk.chat_history", chat=chat_id, q=words), 303)
    values: dict[str, Any] = {"chat_id": chat_id, "words": words, "hits": (), "more": False}
    if words:
        noted = fold(without_secrets(words))
        journal.saw(SEARCHED, viewer(), now(), origin(), of=("chat", chat_id), words=noted)
        found = search.messages(viewer(), Wish(words, chat_id=chat_id), page=_MOST)
        values |= {"hits": found.hits, "more": found.after is not None}
    part = "desk/_finder.html" if "q" not in request.args else "desk/_finder_hits.html"
    return make_response(render_template(part, **values))


@desk.get("/chats/<int:chat_id>/later")
@needs(READ)
def later_messages(chat_id: int) -> Response:
    """What stands below `after`."""
    visible.chat(viewer(), chat_id)
    try:
        found = around.after(chat_id, request.args.get("after", ""))
    except (ValueError, OverflowError):
        abort(404)
    return make_response(
        render_template("desk/_flow.html", flow=draw.flow(found), after=found.after, chat_id=chat_id, paged=True)
    )
