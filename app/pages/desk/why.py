"""Why a waiting chat stands here: for whoever may see it (clause 5.1)."""

from flask import Response, make_response, render_template

from app.models.chat import READ
from app.pages.desk import desk, draw
from app.pages.guard import needs, now, viewer
from app.pages.respond import wants_fragment
from app.queries import explain, visible


@desk.get("/chats/<int:chat_id>/why")
@needs(READ)
def why(chat_id: int) -> Response:
    chat = visible.chat(viewer(), chat_id)
    found = explain.of_chat(chat_id, now())
    if wants_fragment():
        return make_response(render_template("desk/_why.html", chat=chat, why=found))
    return draw.page(chat, part="desk/_why.html", why=found)
