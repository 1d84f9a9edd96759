"""The administrator's first page: what is still to be set up before the first client."""

from flask import Response, current_app, make_response, render_template
from flask_babel import lazy_gettext as _l

from app.models.setting import CHANGE_SETTINGS
from app.pages import menu
from app.pages.guard import needs
from app.pages.office import office
from app.pages.office.steps import steps
from app.queries.first_steps import standing

menu.wing(_l("Settings"), "office", 90)
menu.entry(_l("First steps"), "office.first_steps", CHANGE_SETTINGS, 10, wing="office")


@office.get("/")
@needs(CHANGE_SETTINGS)
def first_steps() -> Response:
    found = steps(standing(), https=current_app.config["SETTINGS"].https)
    left = sum(step.state == "open" for step in found)
    return make_response(render_template("office/first_steps.html", steps=found, left=left))
