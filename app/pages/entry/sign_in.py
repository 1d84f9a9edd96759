"""Sign in, the first step, and sign out."""

from urllib.parse import urlsplit

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.actions import duty, sign_in
from app.base import locale
from app.base.devices import short_device
from app.base.forms import Form
from app.base.refusal import Refusal
from app.pages.cookies import (
    device,
    drop_half_cookie,
    drop_session_cookie,
    set_device_cookie,
    set_half_cookie,
    set_session_cookie,
)
from app.pages.entry import entry
from app.pages.guard import now, origin, public, signed_in, viewer
from app.queries.sessions import Before


class SignInForm(Form):
    login = StringField(_l("Login"), [InputRequired(_l("Write your login")), Length(max=64)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Write your password")), Length(max=128)])


@entry.get("/sign-in", endpoint="sign_in")
@public
def sign_in_page() -> AnyResponse:
    if g.viewer is not None:
        return redirect(_inside(request.args.get("next")), 303)
    return make_response(render_template("entry/sign_in.html", form=SignInForm(), problem=None))


@entry.post("/sign-in")
@public
def signing_in() -> AnyResponse:
    form = SignInForm.sent()
    if not form.validate():
        return _again(form, None, 422)
    try:
        step = sign_in.begin(form.login.data or "", form.password.data or "", device(), origin(), now())
    except Refusal as refusal:
        return _again(form, refusal.message, refusal.status)
    return went_on(step)


@entry.post("/sign-out")
@signed_in
def sign_out() -> AnyResponse:
    duty.sign_out(viewer(), origin(), now())
    answer = drop_session_cookie(redirect(url_for("entry.sign_in"), 303))
    # Scripts and pages of this person leave the shared desktop with him (ASVS 14.3.1).
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def went_on(step: sign_in.Step) -> AnyResponse:
    """To the next step of a sign-in, or in."""
    wanted = request.args.get("next")
    if step.stage != "in":
        return set_half_cookie(redirect(url_for(f"entry.{step.stage}", next=wanted), 303), step.token)
    if step.before:
        flash(_told(step.before), "")
    answer = set_session_cookie(redirect(_inside(wanted), 303), step.token)
    return drop_half_cookie(set_device_cookie(answer, step.device))


def _told(before: Before) -> str:
    """So that the owner of an account notices a sign-in that was not his; in the language of the page that follows."""
    with force_locale(before.locale):
        return _(
            "You signed in before on %(when)s, from %(address)s, %(device)s.",
            when=locale.moment(before.at, before.locale),
            address=before.address,
            device=short_device(before.device),
        )


def _again(form: SignInForm, problem: str | None, status: int) -> Response:
    return make_response(render_template("entry/sign_in.html", form=form, problem=problem), status)


def _inside(target: str | None) -> str:
    """Only an address of our own: never a redirect to somebody else's site."""
    parts = urlsplit(target or "")
    if not target or parts.scheme or parts.netloc or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return "/"
    return target
