"""Continue in another channel: the client gets a link that works once (clause 15.3.3)."""

from flask import Response, abort, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.actions import continuing
from app.models.chat import ANSWER
from app.models.customer import LINK_MINUTES
from app.pages.desk import desk, draw
from app.pages.desk.routing import opened
from app.pages.guard import needs, now, viewer
from app.pages.respond import wants_fragment
from app.queries import passages, settings, visible


@desk.get("/chats/<int:chat_id>/continue")
@needs(ANSWER)
def continue_form(chat_id: int) -> Response:
    """Where to."""
    chat = visible.chat(viewer(), chat_id)
    here = next(
        (one.channel_id for one in passages.reachable(chat.customer_id) if one.identity_id == chat.identity_id), 0
    )
    values = {"targets": passages.targets(here), "minutes": settings.value(LINK_MINUTES)}
    if wants_fragment():
        return make_response(render_template("desk/_continue.html", chat=chat, **values))
    return draw.page(chat, part="desk/_continue.html", **values)


@desk.post("/chats/<int:chat_id>/continue")
@needs(ANSWER)
def continue_in(chat_id: int) -> AnyResponse:
    visible.chat(viewer(), chat_id)
    continuing.invite(chat_id, request.form.get("channel", type=int) or abort(422), viewer(), now())
    return opened(chat_id)
