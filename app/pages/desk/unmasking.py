"""The button "Show" of a masked message, or of a file's name: for whoever has the right, never pushed."""

from uuid import UUID

from flask import abort, make_response, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from app.actions import unmasking
from app.base import crypt
from app.models.memory import UNMASK
from app.models.viewer import Viewer
from app.pages.desk import desk
from app.pages.guard import needs, now, origin, viewer
from app.pages.respond import wants_fragment
from app.queries import visible, whole

_LASTS = 300


@desk.post("/chats/<int:chat_id>/unmask/<uuid:message_id>")
@needs(UNMASK)
def unmask(chat_id: int, message_id: UUID) -> AnyResponse:
    if visible.message(viewer(), message_id).chat_id != chat_id:
        abort(404)
    said = whole.text_of(chat_id, message_id)
    unmasking.show(chat_id, message_id, viewer(), now(), origin())
    if wants_fragment():
        return make_response(render_template("desk/_unmasked.html", said=said))
    # Without scripts the page is drawn again with this one message whole, for this session and a few minutes.
    return redirect(f"/chats/{chat_id}?at={message_id}&shown={_ticket(viewer(), message_id)}#m-{message_id}", 303)


@desk.post("/chats/<int:chat_id>/unmask-name/<uuid:file_id>")
@needs(UNMASK)
def unmask_name(chat_id: int, file_id: UUID) -> AnyResponse:
    found = whole.name_of(chat_id, file_id) if visible.file(viewer(), file_id).chat_id == chat_id else None
    if found is None:
        abort(404)
    message_id, name = found
    unmasking.show_name(chat_id, file_id, viewer(), now(), origin())
    if wants_fragment():
        return make_response(render_template("desk/_unmasked_name.html", name=name))
    ticket = _ticket(viewer(), file_id)
    return redirect(f"/chats/{chat_id}?at={message_id}&file={file_id}&shown={ticket}#m-{message_id}", 303)


def shown(chat_id: int, at: UUID | None, ticket: str) -> str | None:
    """The whole text of the message that this session was just shown; None otherwise."""
    return whole.text_of(chat_id, at) if at is not None and _was_shown(at, ticket) else None


def shown_name(chat_id: int, file_id: UUID, ticket: str) -> str | None:
    """The whole name of the file that this session was just shown; None otherwise."""
    found = whole.name_of(chat_id, file_id) if _was_shown(file_id, ticket) else None
    return found[1] if found else None


def _was_shown(what: UUID, ticket: str) -> bool:
    return bool(ticket) and viewer().may(UNMASK) and ticket in [_ticket(viewer(), what, back) for back in (0, 1)]


def _ticket(by: Viewer, what: UUID, back: int = 0) -> str:
    return crypt.sign("unmask", f"{by.session_id}:{what}:{int(now().timestamp()) // _LASTS - back}")
