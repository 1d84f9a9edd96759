"""The first page: the desk for who answers chats, else the first page that is his."""

from flask import redirect
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.models.desk import WORK
from app.pages import menu
from app.pages.desk import desk
from app.pages.guard import signed_in
from app.pages.respond import fragment

menu.entry(_l("Chats"), "desk.chats", WORK, 10)


@desk.get("/")
@signed_in
def home() -> AnyResponse:
    target = menu.first_open()
    if target is None:
        return fragment("desk/nothing.html")
    return redirect(target, 303)
