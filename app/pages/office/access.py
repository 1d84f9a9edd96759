"""Access: from which addresses one gets in, and which roles need a second factor."""

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.actions import access as changes
from app.actions import factors
from app.base.numbers import whole
from app.models.access import MANAGE_ACCESS, Area, NotANetwork, parse
from app.pages import menu
from app.pages.guard import address, needs, now, origin, viewer
from app.pages.office import office
from app.pages.respond import done
from app.queries import access as lists
from app.queries import factors as held

menu.entry(_l("Access"), "office.access", MANAGE_ACCESS, 66, wing="office")

AREAS = {
    Area.SITE: (
        _l("The whole system"),
        _l("Operators, supervisors, administrators. Clients and channels are not meant."),
    ),
    Area.OFFICE: (_l("The settings"), _l("Besides the list above: the administrators' part.")),
    Area.API: (_l("The API"), _l("Other systems of the bank that ask this one.")),
}


@office.get("/access")
@needs(MANAGE_ACCESS)
def access() -> Response:
    return _shown()


@office.post("/access/<area>")
@needs(MANAGE_ACCESS)
def change_access(area: str) -> AnyResponse:
    given, text = _area(area), request.form.get("lines", "")[:20_000]
    try:
        until = changes.change(given, parse(text), "sure" in request.form, viewer(), origin(), now())
    except NotANetwork as wrong:
        problem = _("“%(line)s” is not a network. Write one like 10.0.0.0/8 or 2001:db8::/32.", line=str(wrong)[:80])
        return _shown({given: text}, {given: problem})
    except changes.ShutsYouOut as refusal:
        return _shown({given: text}, {given: refusal.message}, asks=given)
    if until is None:
        return done(url_for("office.access"), _("Saved. It holds within two seconds."))
    return done(url_for("office.access"), _("On trial: without a confirmation it falls back in ten minutes."))


@office.post("/access/<area>/confirm")
@needs(MANAGE_ACCESS)
def confirm_access(area: str) -> AnyResponse:
    changes.confirm(_area(area), viewer(), origin(), now())
    return done(url_for("office.access"), _("The list stays."))


@office.post("/access/factor")
@needs(MANAGE_ACCESS)
def require_factor() -> AnyResponse:
    chosen = {one for one in map(whole, request.form.getlist("role")) if one is not None}
    factors.require(chosen, viewer(), origin(), now())
    return done(url_for("office.access", _anchor="factor"), _("Saved"))


@office.post("/access/factor/<int:person_id>/remove")
@needs(MANAGE_ACCESS)
def reset_factor(person_id: int) -> AnyResponse:
    factors.reset(person_id, viewer(), origin(), now())
    return done(url_for("office.access", _anchor="factor"), _("The second factor is removed."))


def _area(name: str) -> Area:
    if name not in set(Area):
        abort(404)
    return Area(name)


def _shown(
    given: dict[Area, str] | None = None, problems: dict[Area, str] | None = None, asks: Area | None = None
) -> Response:
    stored = lists.present()
    page = render_template(
        "office/access.html",
        areas=AREAS,
        lists=stored,
        at=now(),
        given=given or {},
        problems=problems or {},
        asks=asks,
        address=address(),
        roles=held.roles(),
        holders=held.holders(),
    )
    return make_response(page, 422 if problems else 200)
