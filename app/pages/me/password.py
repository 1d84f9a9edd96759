"""Change one's password: by one's own wish, or because it must be."""

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from app.actions import passwords
from app.base.forms import Form
from app.base.refusal import Refusal
from app.models.password_policy import LONGEST
from app.pages.cookies import set_session_cookie
from app.pages.guard import now, origin, settles, signed_in, viewer
from app.pages.me import me
from app.queries import passwords as rules


class PasswordForm(Form):
    present = PasswordField(
        _l("Present password"), [InputRequired(_l("Write the present password")), Length(max=LONGEST)]
    )
    new = PasswordField(_l("New password"), [InputRequired(_l("Write the new password")), Length(max=1000)])
    again = PasswordField(
        _l("New password again"),
        [InputRequired(_l("Write it a second time")), EqualTo("new", _l("The two are not the same"))],
    )


@me.get("/password")
@signed_in
@settles("password")
def password() -> Response:
    return _shown(PasswordForm())


@me.post("/password")
@signed_in
@settles("password")
def change_password() -> AnyResponse:
    form = PasswordForm.sent()
    if not form.validate():
        return _shown(form, 422)
    try:
        token = passwords.change(viewer(), form.present.data or "", form.new.data or "", origin(), now())
    except passwords.PasswordUnfit as refusal:
        form.new.errors = [_("Still missing: %(what)s", what="; ".join(refusal.faults).lower())]
        return _shown(form, refusal.status)
    except passwords.HadBefore as refusal:
        form.new.errors = [refusal.message]
        return _shown(form, refusal.status)
    except Refusal as refusal:
        form.present.errors = [refusal.message]
        return _shown(form, refusal.status)
    flash(_("The password is changed. Your other sessions have ended."), "good")
    return set_session_cookie(redirect("/" if viewer().must else url_for("me.profile"), 303), token)


def _shown(form: PasswordForm, status: int = 200) -> Response:
    asked = rules.policy(viewer().person_id).asked()
    return make_response(render_template("me/password.html", form=form, asked=asked), status)
