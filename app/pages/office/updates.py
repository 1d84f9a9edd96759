"""Planned updates: tell everybody beforehand, call off what does not come."""

from datetime import datetime

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import DateTimeLocalField
from wtforms.validators import InputRequired

from app.actions import updates as verbs
from app.base.clock import TASHKENT
from app.base.forms import Form
from app.base.locale import LOCALES
from app.base.refusal import Refusal
from app.models.setting import CHANGE_SETTINGS
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.respond import done
from app.queries import updates as known

menu.entry(_l("Planned updates"), "office.updates", CHANGE_SETTINGS, 79, wing="office")

_HOUR = "%Y-%m-%dT%H:%M"


class UpdateForm(Form):
    from_at = DateTimeLocalField(
        _l("Begins"), [InputRequired()], format=_HOUR, description=_l("Day and hour of Tashkent.")
    )
    till_at = DateTimeLocalField(_l("Ends"), [InputRequired()], format=_HOUR)


@office.get("/updates")
@needs(CHANGE_SETTINGS)
def updates() -> Response:
    return _page(UpdateForm())


@office.post("/updates")
@needs(CHANGE_SETTINGS)
def announce_update() -> AnyResponse:
    form = UpdateForm.sent()
    if not form.validate():
        return _page(form, status=422)
    try:
        verbs.announce(_of(form.from_at.data), _of(form.till_at.data), _texts(), viewer(), origin(), now())
    except Refusal as refusal:
        return _page(form, refusal.message, refusal.status)
    return done(url_for("office.updates"), _("Everybody is told. Whoever comes later reads it before work."))


@office.post("/updates/<int:update_id>/call-off")
@needs(CHANGE_SETTINGS)
def call_off_update(update_id: int) -> AnyResponse:
    verbs.call_off(update_id, viewer(), origin(), now())
    return done(url_for("office.updates"), _("Called off; everybody is told."))


def _of(local: datetime | None) -> datetime:
    assert local is not None  # noqa: S101 - the form has required it
    return local.replace(tzinfo=TASHKENT)


def _texts() -> dict[str, str]:
    return {code: request.form.get(f"text-{code}", "") for code in LOCALES}


def _page(form: UpdateForm, problem: str = "", status: int = 200) -> Response:
    page = render_template(
        "office/updates.html",
        form=form,
        texts=_texts(),
        longest=verbs.LONGEST,
        ahead=known.ahead(now()),
        problem=problem,
    )
    return make_response(page, status)
