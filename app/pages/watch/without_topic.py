"""Finished chats without a topic, as supervisors see them: counted in the menu, given topics here (clause 9.5)."""

from flask import Response, make_response, render_template, request
from flask_babel import lazy_gettext as _l

from app.models.chat import MANAGE
from app.pages import menu
from app.pages.guard import needs, viewer
from app.pages.watch import watch
from app.queries import open_chats, without_topic

menu.entry(
    _l("Without a topic"),
    "watch.everybodys_without_topic",
    MANAGE,
    40,
    wing="watch",
    badge=lambda: without_topic.count_everybodys(viewer()),
)


@watch.get("/without-topic")
@needs(MANAGE)
def everybodys_without_topic() -> Response:
    group_id, owner_id = request.args.get("group", type=int), request.args.get("operator", type=int)
    page = render_template(
        "watch/without_topic.html",
        rows=without_topic.everybodys(viewer(), group_id, owner_id),
        window=without_topic.WINDOW,
        groups=open_chats.groups(),
        people=open_chats.people(),
        group_id=group_id,
        owner_id=owner_id,
    )
    return make_response(page)
