"""Desk: the operators' wing."""

from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.pages.guard import viewer
from app.queries import family, visible
from app.queries.visible import NotVisible

desk = Blueprint("desk", __name__)


@desk.errorhandler(NotVisible)
def not_visible(refusal: NotVisible) -> AnyResponse:
    """What one may not see is not there; a chat that was merged is where it goes on."""
    if (elsewhere := _goes_on()) is not None:
        return elsewhere
    answer = current_app.handle_user_exception(NotFound())
    assert isinstance(answer, AnyResponse)  # noqa: S101 - pages/respond answers every HTTP error
    return answer


def _goes_on() -> AnyResponse | None:
    """The same request to the chat this one was merged into, for who may see that one. A form keeps what it sends."""
    chat_id = (request.view_args or {}).get("chat_id")
    to = family.chat_now(chat_id) if chat_id else None
    if not to or to == chat_id or request.endpoint is None:
        return None
    try:
        visible.chat(viewer(), to)
    except NotVisible:
        return None
    told: dict[str, Any] = {**request.args, **(request.view_args or {}), "chat_id": to}
    return redirect(url_for(request.endpoint, **told), 302 if request.method == "GET" else 307)


from app.pages.desk import (  # noqa: E402,F401  (the routes register themselves)
    aside,
    before_work,
    chats,
    closing,
    continuing,
    customer,
    duty,
    files,
    finding,
    given,
    history,
    home,
    merging,
    reopening,
    reply,
    rewording,
    routing,
    templates,
    topics,
    undoing,
    unmasking,
    why,
)
