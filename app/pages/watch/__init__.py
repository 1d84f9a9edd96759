"""Watch: the supervisors' wing."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from app.pages import menu

watch = Blueprint("watch", __name__, url_prefix="/watch")

menu.wing(_l("Supervision"), "watch", 50)

from app.pages.watch import (  # noqa: E402,F401  (the routes register themselves)
    boards,
    open_chats,
    ratings,
    shifts,
    stopping,
    topic_history,
    without_topic,
)
