"""My sessions: where I am signed in, and out of there."""

from uuid import UUID

from flask import Response, make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import sessions as verbs
from app.base.devices import short_device
from app.pages.guard import now, origin, signed_in, viewer
from app.pages.me import me
from app.pages.respond import done
from app.queries import sessions as living


@me.get("/sessions")
@signed_in
def sessions() -> Response:
    found = living.of_person(viewer().person_id, now())
    return make_response(render_template("me/sessions.html", sessions=found, short_device=short_device))


@me.post("/sessions/<uuid:session_id>/end")
@signed_in
def end_session(session_id: UUID) -> AnyResponse:
    verbs.end_own(viewer(), session_id, origin(), now())
    return done(url_for("me.sessions"), _("The session has ended."))


@me.post("/sessions/end-others")
@signed_in
def end_other_sessions() -> AnyResponse:
    verbs.end_others(viewer(), origin(), now())
    return done(url_for("me.sessions"), _("All other sessions have ended."))
