"""Roles and permissions in one table: who may do what (clause 7.4)."""

from flask import Response, make_response, render_template
from flask_babel import lazy_gettext as _l

from app.models.duties import APART
from app.models.role import SEE_ROLES
from app.pages import menu
from app.pages.guard import needs
from app.pages.office import office
from app.pages.office.role_words import SCOPES, by_room
from app.queries import roles as known

menu.entry(_l("Roles"), "office.roles", SEE_ROLES, 24, wing="office")


@office.get("/roles")
@needs(SEE_ROLES)
def roles() -> Response:
    page = render_template(
        "office/roles.html",
        roles=known.everyone(),
        counts=known.counts(),
        rooms=by_room(),
        scopes=SCOPES,
        apart=APART,
    )
    return make_response(page)
