"""My second factor: set up with a phone, new recovery codes, away again."""

import io

import segno
from flask import Response, abort, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.actions import factors
from app.base import totp
from app.base.forms import Form
from app.base.refusal import Refusal
from app.pages.guard import now, origin, settles, signed_in, viewer
from app.pages.me import me
from app.pages.respond import done
from app.pages.templating import BANK_NAME
from app.queries import factors as held
from app.queries import settings as stored


class OwnerForm(Form):
    password = PasswordField(_l("Your password"), [InputRequired(_l("Write your password")), Length(max=128)])


class CodeForm(Form):
    code = StringField(_l("Code of the phone"), [InputRequired(_l("Write the code")), Length(max=20)])


@me.get("/factor")
@signed_in
@settles("factor")
def factor() -> Response:
    return _shown()


@me.post("/factor/begin")
@signed_in
@settles("factor")
def begin_factor() -> AnyResponse:
    form = OwnerForm.sent()
    if not form.validate():
        return _shown(owner=form, status=422)
    try:
        factors.begin(viewer(), form.password.data or "", origin(), now())
    except Refusal as refusal:
        form.password.errors = [refusal.message]
        return _shown(owner=form, status=refusal.status)
    return redirect(url_for("me.factor"), 303)


@me.get("/factor/qr.svg")
@signed_in
@settles("factor")
def factor_qr() -> Response:
    """The picture the phone takes; only while the factor is being set up."""
    secret = held.begun(viewer().person_id)
    if secret is None:
        abort(404)
    drawn = io.BytesIO()
    code = segno.make(totp.address(secret, viewer().login, stored.value(BANK_NAME)), error="m")
    code.save(drawn, kind="svg", scale=5, dark="#000", light="#fff")
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@me.post("/factor/confirm")
@signed_in
@settles("factor")
def confirm_factor() -> AnyResponse:
    form = CodeForm.sent()
    if not form.validate():
        return _shown(code=form, status=422)
    try:
        codes = factors.confirm(viewer(), form.code.data or "", origin(), now())
    except Refusal as refusal:
        form.code.errors = [refusal.message]
        return _shown(code=form, status=refusal.status)
    return _codes(codes)


@me.post("/factor/codes")
@signed_in
def new_recovery_codes() -> AnyResponse:
    form = CodeForm.sent()
    if not form.validate():
        return _shown(code=form, status=422)
    try:
        codes = factors.new_codes(viewer(), form.code.data or "", origin(), now())
    except Refusal as refusal:
        form.code.errors = [refusal.message]
        return _shown(code=form, status=refusal.status)
    return _codes(codes)


@me.post("/factor/remove")
@signed_in
def remove_factor() -> AnyResponse:
    form = CodeForm.sent()
    if not form.validate():
        return _shown(code=form, status=422)
    try:
        factors.remove(viewer(), form.code.data or "", origin(), now())
    except Refusal as refusal:
        form.code.errors = [refusal.message]
        return _shown(code=form, status=refusal.status)
    return done(url_for("me.factor"), _("The second factor is removed."))


def _shown(owner: OwnerForm | None = None, code: CodeForm | None = None, status: int = 200) -> Response:
    page = render_template(
        "me/factor.html",
        factor=held.standing(viewer().person_id),
        secret=held.begun(viewer().person_id),
        owner=owner or OwnerForm(),
        code=code or CodeForm(),
    )
    return make_response(page, status)


def _codes(codes: list[str]) -> Response:
    """Shown this once: only their hashes are kept."""
    return make_response(render_template("me/codes.html", codes=codes))
