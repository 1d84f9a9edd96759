"""Merge two clients who are one person, seen side by side first; and take it back (clauses 1.5, 9.2)."""

from typing import Any

from flask import Response, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.actions import merging
from app.models.customer import MERGE
from app.pages.desk import desk, draw
from app.pages.desk.routing import opened
from app.pages.guard import needs, now, origin, viewer
from app.pages.respond import wants_fragment
from app.queries import card, same_person, visible
from app.queries.visible import ChatView


@desk.get("/chats/<int:chat_id>/merge")
@needs(MERGE)
def merge_search(chat_id: int) -> Response:
    """Whom with: found by number, phone or name; a name alone never merges anybody."""
    chat, words = visible.chat(viewer(), chat_id), request.args.get("with", "").strip()[:80]
    found = same_person.found(viewer(), words, chat) if words else same_person.likely(viewer(), chat)
    return _dialog(chat, "desk/_merge.html", words=words, found=found)


@desk.get("/chats/<int:chat_id>/merge/<int:other_id>")
@needs(MERGE)
def merge_preview(chat_id: int, other_id: int) -> Response:
    """Both cards, and what stays."""
    chat, other = visible.chat(viewer(), chat_id), visible.chat(viewer(), other_id)
    sides = [(one, card.card(one, viewer())) for one in (chat, other)]
    return _dialog(chat, "desk/_merge_preview.html", other=other, sides=sides)


@desk.post("/chats/<int:chat_id>/merge/<int:other_id>")
@needs(MERGE)
def merge(chat_id: int, other_id: int) -> AnyResponse:
    chat, other = visible.chat(viewer(), chat_id), visible.chat(viewer(), other_id)
    merging.merge(chat, other, request.form.to_dict(), viewer(), origin(), now())
    return opened(chat_id)


@desk.post("/chats/<int:chat_id>/unmerge/<int:merge_id>")
@needs(MERGE)
def unmerge(chat_id: int, merge_id: int) -> AnyResponse:
    merging.unmerge(visible.chat(viewer(), chat_id), merge_id, viewer(), origin(), now())
    return opened(chat_id)


def _dialog(chat: ChatView, part: str, **values: Any) -> Response:
    if wants_fragment():
        return make_response(render_template(part, chat=chat, **values))
    return draw.page(chat, part=part, **values)
