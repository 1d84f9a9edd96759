"""The button "Undo" in the bubble of a word that is not sent yet."""

from uuid import UUID

from flask import abort, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.actions import undoing
from app.models.chat import ANSWER
from app.pages.desk import desk, draw
from app.pages.guard import needs, now, viewer
from app.pages.respond import done, wants_fragment
from app.queries import thread, visible


@desk.post("/chats/<int:chat_id>/undo/<uuid:message_id>")
@needs(ANSWER)
def undo(chat_id: int, message_id: UUID) -> AnyResponse:
    """The field with the word in it, with its files and with what it quotes."""
    if visible.message(viewer(), message_id).chat_id != chat_id:
        abort(404)
    said = thread.message(chat_id, message_id)
    files = undoing.undo(message_id, chat_id, viewer(), now(), request.form.get("text"))
    attached = [*map(str, files), *request.form.getlist("file")]
    if not wants_fragment():
        return done(f"/chats/{chat_id}?" + "&".join(f"attached={file_id}" for file_id in attached))
    parts = draw.parts(visible.chat(viewer(), chat_id)) | {
        "attached": attached,
        "quoted": said.quote if said else None,
    }
    return make_response(render_template("desk/_composer.html", **parts))
