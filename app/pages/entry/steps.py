"""The further steps of a sign-in: the second factor, and a word about another session."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.actions import sign_in
from app.base.devices import short_device
from app.base.forms import Form
from app.base.refusal import Refusal
from app.pages.cookies import device, half
from app.pages.entry import entry
from app.pages.entry.sign_in import went_on
from app.pages.guard import now, origin, public
from app.queries import sessions as living


class CodeForm(Form):
    code = StringField(
        _l("Code"), [InputRequired(_l("Write the code")), Length(max=20)],
        description=_l("Six digits of the app on your phone, or one of your recovery codes."),
    )  # fmt: skip


@entry.get("/sign-in/code")
@public
def code() -> Response:
    return _asked(CodeForm(), None)


@entry.post("/sign-in/code")
@public
def proving() -> AnyResponse:
    form = CodeForm.sent()
    if not form.validate():
        return _asked(form, None, 422)
    try:
        step = sign_in.prove(half(), form.code.data or "", device(), origin(), now())
    except sign_in.BeginAgain as refusal:
        return _from_the_start(refusal)
    except Refusal as refusal:
        return _asked(CodeForm(), refusal.message, refusal.status)
    return went_on(step)


@entry.get("/sign-in/elsewhere")
@public
def elsewhere() -> AnyResponse:
    """What would be ended; only for whoever has proved to be its owner."""
    found = living.of_half(half(), now())
    if not found:
        return redirect(url_for("entry.sign_in", next=request.args.get("next")), 303)
    return make_response(render_template("entry/elsewhere.html", sessions=found, short_device=short_device))


@entry.post("/sign-in/elsewhere")
@public
def taking_over() -> AnyResponse:
    try:
        step = sign_in.take_over(half(), device(), origin(), now())
    except sign_in.BeginAgain as refusal:
        return _from_the_start(refusal)
    return went_on(step)


def _asked(form: CodeForm, problem: str | None, status: int = 200) -> Response:
    return make_response(render_template("entry/code.html", form=form, problem=problem), status)


def _from_the_start(refusal: Refusal) -> AnyResponse:
    page = render_template("entry/begin_again.html", problem=refusal.message, next=request.args.get("next"))
    return make_response(page, refusal.status)
