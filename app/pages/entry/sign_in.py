"""Sign in and out."""

from urllib.parse import urlsplit

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.actions import sessions
from app.base.forms import Form
from app.pages.entry import entry
from app.pages.guard import cookie_name, now, origin, public, set_session_cookie, signed_in, viewer


class SignInForm(Form):
    login = StringField(_l("Login"), [InputRequired(_l("Write your login")), Length(max=64)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Write your password")), Length(max=128)])


@entry.get("/sign-in")
@public
def sign_in() -> AnyResponse:
    if g.viewer is not None:
        return redirect(_inside(request.args.get("next")), 303)
    return make_response(render_template("entry/sign_in.html", form=SignInForm(), problem=None))


@entry.post("/sign-in")
@public
def signing_in() -> AnyResponse:
    form = SignInForm.sent()
    if not form.validate():
        return _again(form, None)
    try:
        signed = sessions.sign_in(form.login.data or "", form.password.data or "", origin(), now())
    except sessions.CannotSignIn as refusal:
        return _again(form, refusal.message)
    return set_session_cookie(make_response(redirect(_inside(request.args.get("next")), 303)), signed.token)


@entry.post("/sign-out")
@signed_in
def sign_out() -> AnyResponse:
    sessions.sign_out(viewer(), origin(), now())
    answer = redirect(url_for("entry.sign_in"), 303)
    answer.delete_cookie(cookie_name(), path="/")
    # Scripts and pages of this person leave the shared desktop with him (ASVS 14.3.1).
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _again(form: SignInForm, problem: str | None) -> Response:
    return make_response(render_template("entry/sign_in.html", form=form, problem=problem), 422)


def _inside(target: str | None) -> str:
    """Only an address of our own: never a redirect to somebody else's site."""
    parts = urlsplit(target or "")
    if not target or parts.scheme or parts.netloc or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return "/"
    return target
