"""My profile: who I am here, when I was here before, how the desk looks and sounds to me."""

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import preferences
from app.base.devices import short_device
from app.pages.guard import now, signed_in, viewer
from app.pages.me import me
from app.pages.respond import done
from app.queries import factors
from app.queries import sessions as living


@me.get("/")
@signed_in
def profile() -> Response:
    page = render_template(
        "me/profile.html",
        before=living.before(viewer().person_id, viewer().session_id),
        sessions=living.of_person(viewer().person_id, now()),
        factor=factors.standing(viewer().person_id),
        short_device=short_device,
    )
    return make_response(page)


@me.post("/sounds")
@signed_in
def choose_sounds() -> AnyResponse:
    preferences.choose_sounds(viewer(), request.form.get("sounds") == "on")
    return done(url_for("me.profile"), _("Saved"))


@me.post("/undo")
@signed_in
def choose_undo() -> AnyResponse:
    preferences.choose_undo(viewer(), request.form.get("undo") == "on")
    return done(url_for("me.profile"), _("Saved"))


@me.post("/sending")
@signed_in
def choose_sending() -> AnyResponse:
    preferences.choose_sending(viewer(), by_ctrl=request.form.get("key") == "ctrl")
    return done(url_for("me.profile"), _("Saved"))
