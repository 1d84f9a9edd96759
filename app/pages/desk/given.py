"""How this chat was given: why him, why not her (clause 7.5)."""

from typing import Any

from flask import Response, make_response, render_template

from app.models.chat import MANAGE
from app.pages.desk import desk, draw
from app.pages.guard import needs, viewer
from app.pages.respond import wants_fragment
from app.queries import given as told
from app.queries import visible
from app.queries.impossible import FLAWS


@desk.get("/chats/<int:chat_id>/given")
@needs(MANAGE)
def given(chat_id: int) -> Response:
    chat = visible.chat(viewer(), chat_id)
    values: dict[str, Any] = {"steps": told.steps(chat_id), "flaws": FLAWS}
    if wants_fragment():
        return make_response(render_template("desk/_given.html", chat=chat, **values))
    return draw.page(chat, part="desk/_given.html", **values)
