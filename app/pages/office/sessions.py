"""Who is signed in, from where, and out of there."""

from uuid import UUID

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.actions import journal
from app.actions import sessions as verbs
from app.base.devices import short_device
from app.models.journal import declare as declare_kind
from app.models.session import MANAGE_SESSIONS
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.respond import done
from app.queries import fields
from app.queries import sessions as living

menu.entry(_l("Sessions"), "office.sessions", MANAGE_SESSIONS, 64, wing="office")
SEEN = declare_kind("session.seen", _l("Sessions of others looked at"))

_MOST = 500


@office.get("/sessions")
@needs(MANAGE_SESSIONS)
def sessions() -> Response:
    query = request.args.get("q", "").strip()[:80]
    sees_addresses = fields.may_see(viewer(), "address")
    found = living.everyones(query, now(), _MOST, by_address=sees_addresses)
    journal.saw(SEEN, viewer(), now(), origin(), of=("session", query))
    page = render_template(
        "office/sessions.html",
        sessions=found,
        query=query,
        most=_MOST,
        short_device=short_device,
        address=lambda one: fields.shown(viewer(), "address", one.address, fields.Whose(one.person_id)),
    )
    return make_response(page)


@office.post("/sessions/<uuid:session_id>/end")
@needs(MANAGE_SESSIONS)
def end_anyones_session(session_id: UUID) -> AnyResponse:
    verbs.end_anyones(session_id, viewer(), origin(), now())
    return done(url_for("office.sessions"), _("The session has ended."))


@office.post("/sessions/of/<int:person_id>/end")
@needs(MANAGE_SESSIONS)
def end_everything_of(person_id: int) -> AnyResponse:
    verbs.end_everything_of(person_id, viewer(), origin(), now())
    return done(url_for("office.sessions"), _("Signed out everywhere."))
