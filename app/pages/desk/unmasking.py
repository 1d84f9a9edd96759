"""The button "Show" of a masked message: for whoever has the right, on this page only, never pushed."""

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


def shown(chat_id: int, at: UUID | None, ticket: str) -> str | None:
    """The whole text of the message that this session was just shown; None otherwise."""
    if at is None or not ticket or not viewer().may(UNMASK):
        return None
    fits = any(ticket == _ticket(viewer(), at, back) for back in (0, 1))
    return whole.text_of(chat_id, at) if fits else None


def _ticket(by: Viewer, message_id: UUID, back: int = 0) -> str:
    return crypt.sign("unmask", f"{by.session_id}:{message_id}:{int(now().timestamp()) // _LASTS - back}")
