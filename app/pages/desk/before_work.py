"""What must be read stands before the desk (clause 8.5). Signing out and one's own pages are never behind it."""

from flask import g, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.models.desk import WORK
from app.pages.desk import desk
from app.pages.respond import wants_fragment
from app.queries import news, notices

# Whole pages of the desk; the parts they fetch are of a page that was let through.
_BEHIND = {"desk.chats", "desk.chat"}


@desk.before_request
def before_work() -> AnyResponse | None:
    """One piece after another, then the important notifications that came before this session."""
    viewer = g.get("viewer")
    if request.endpoint not in _BEHIND or request.method != "GET" or wants_fragment():
        return None
    if viewer is None or viewer.must or not viewer.may(WORK):
        return None
    waiting = news.before_work(viewer.person_id, g.now)
    missed = [] if waiting else notices.missed(viewer.person_id, viewer.session_id, g.now)
    if not waiting and not missed:
        return None
    shown = waiting[0] if waiting else None
    files = news.files(shown.id) if shown else []
    return make_response(
        render_template("desk/before_work.html", news=shown, files=files, count=len(waiting), missed=missed)
    )
