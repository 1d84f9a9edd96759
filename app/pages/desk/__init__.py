"""Desk: the operators' wing."""

from flask import Blueprint, current_app
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.queries.visible import NotVisible

desk = Blueprint("desk", __name__)


@desk.errorhandler(NotVisible)
def not_visible(refusal: NotVisible) -> Response:
    """What one may not see is not there."""
    answer = current_app.handle_user_exception(NotFound())
    assert isinstance(answer, Response)  # noqa: S101 - pages/respond answers every HTTP error
    return answer


from app.pages.desk import (  # noqa: E402,F401  (the routes register themselves)
    aside,
    chats,
    closing,
    files,
    home,
    reply,
    rewording,
    routing,
    templates,
)
