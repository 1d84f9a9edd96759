"""Schedules and absences: the personnel system that tells them, a table instead of it, who is away."""

from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from app.actions import hrm as verbs
from app.actions import hrm_import as importing
from app.actions.hrm_wire import Trouble
from app.base.refusal import Refusal
from app.models.hrm import ABSENCES, MANAGE_HRM, RESPECTED, WRONG
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office, uploaded
from app.pages.respond import done
from app.queries import hrm as known
from app.queries import settings

menu.entry(_l("Schedules and absences"), "office.hrm", MANAGE_HRM, 33, wing="office")

TROUBLES = {
    "unreachable": _l("The service does not answer. Check the address, and that the network lets us there."),
    "forbidden": _l("This address is inside a network that may not be called; OUTBOUND_ALLOW names those that may."),
    "denied": _l("The service refuses the key."),
    "status": _l("The service answers with an error."),
    "shape": _l("The answer is not what the contract says."),
    "large": _l("The answer is larger than 32 MB."),
    "empty": _l("The service told no schedule of anybody known here; what was known before stays."),
}


@office.get("/hrm")
@needs(MANAGE_HRM)
def hrm() -> Response:
    return _page()


@office.post("/hrm")
@needs(MANAGE_HRM)
def connect_hrm() -> AnyResponse:
    try:
        verbs.connect(_wish(), viewer(), origin(), now())
    except Refusal as refusal:
        return _page(problem=refusal.message, status=refusal.status)
    return done(url_for("office.hrm"), _("Saved."))


@office.post("/hrm/check")
@needs(MANAGE_HRM)
def check_hrm() -> Response:
    try:
        return _page(tried=verbs.check(_wish(), now()))
    except Trouble as trouble:
        return _page(problem=str(TROUBLES[trouble.code]), status=422)
    except Refusal as refusal:
        return _page(problem=refusal.message, status=refusal.status)


@office.post("/hrm/read")
@needs(MANAGE_HRM)
def read_hrm() -> AnyResponse:
    try:
        taken = verbs.read(viewer(), origin(), now())
    except Trouble as trouble:
        return _page(problem=str(TROUBLES[trouble.code]), status=422)
    except Refusal as refusal:
        return _page(problem=refusal.message, status=refusal.status)
    return done(url_for("office.hrm"), ngettext("%(num)s row is read.", "%(num)s rows are read.", taken))


@office.post("/hrm/absences/<int:absence_id>/remove")
@needs(MANAGE_HRM)
def remove_absence(absence_id: int) -> AnyResponse:
    verbs.remove_absence(absence_id, viewer(), origin(), now())
    return done(url_for("office.hrm", _anchor="absences"), _("The absence is removed."))


@office.get("/hrm/import")
@needs(MANAGE_HRM)
def import_hrm() -> Response:
    return _import()


@office.post("/hrm/import")
@needs(MANAGE_HRM)
def preview_hrm() -> Response:
    try:
        return _import(preview=importing.preview(uploaded.table(), viewer()))
    except Refusal as refusal:
        return _import(problem=refusal.message, status=422)


@office.post("/hrm/import/confirm")
@needs(MANAGE_HRM)
def bring_hrm() -> AnyResponse:
    try:
        taken = importing.bring(request.form.get("rows", ""), viewer(), origin(), now())
    except Refusal as refusal:
        return _import(problem=refusal.message, status=422)
    return done(url_for("office.hrm"), ngettext("%(num)s row is imported.", "%(num)s rows are imported.", taken))


def _wish() -> verbs.Wish:
    form = request.form
    hours = form.get("every_hours", "").strip() or "0"
    number = int(hours) if hours.isdecimal() and len(hours) < 5 else -1
    return verbs.Wish(form.get("address", "").strip()[:500], form.get("token", "").strip()[:500], number)


def _page(*, status: int = 200, **shown: Any) -> Response:
    values = {
        "state": known.state(),
        "counts": known.counts(now()),
        "away": known.absences(now()),
        "most": known.MOST_SHOWN,
        "respected": settings.value(RESPECTED),
        "kinds": ABSENCES,
        "why": WRONG,
        "troubles": TROUBLES,
        "given": request.form,
    }
    return make_response(render_template("office/hrm.html", **values, **shown), status)


def _import(*, status: int = 200, **shown: Any) -> Response:
    values = {"columns": importing.COLUMNS, "kinds": ABSENCES, "why": WRONG}
    return make_response(render_template("office/hrm_import.html", **values, **shown), status)
