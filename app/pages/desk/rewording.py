"""Change or take back what one has said to the client, where the channel lets one."""

from uuid import UUID

from flask import Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from app.actions import rewording
from app.models.chat import ANSWER
from app.pages.desk import desk, draw
from app.pages.guard import needs, now, viewer
from app.pages.respond import done, wants_fragment
from app.queries import versions, visible


@desk.get("/chats/<int:chat_id>/reword/<uuid:message_id>")
@needs(ANSWER)
def reword_form(chat_id: int, message_id: UUID) -> Response:
    """The text as it was sent: alone for the composer, in a panel for a browser without scripts."""
    chat = visible.chat(viewer(), chat_id)
    if visible.message(viewer(), message_id).chat_id != chat_id:
        abort(404)
    said = versions.own_text(chat_id, message_id, viewer().person_id)
    if said is None:
        abort(404)
    if wants_fragment():
        return Response(said, content_type="text/plain; charset=utf-8")
    return draw.page(chat, part="desk/_reword.html", message_id=message_id, said=said)


@desk.post("/chats/<int:chat_id>/reword/<uuid:message_id>")
@needs(ANSWER)
def reword(chat_id: int, message_id: UUID) -> AnyResponse:
    if visible.message(viewer(), message_id).chat_id != chat_id:
        abort(404)
    said = request.form.get("text", "").replace("\r\n", "\n")
    rewording.reword(message_id, chat_id, said, viewer(), now())
    return done(f"/chats/{chat_id}")


@desk.post("/chats/<int:chat_id>/take-back/<uuid:message_id>")
@needs(ANSWER)
def take_back(chat_id: int, message_id: UUID) -> AnyResponse:
    if visible.message(viewer(), message_id).chat_id != chat_id:
        abort(404)
    rewording.take_back(message_id, chat_id, viewer(), now())
    return done(f"/chats/{chat_id}")
