"""One role: its names, its permissions with their scopes, and who holds it."""

from collections.abc import Mapping

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import roles as changes
from app.actions.list_values import NotAccepted
from app.base.refusal import Refusal
from app.models.kinds import LANGUAGES
from app.models.listing import NAMES
from app.models.permission import PERMISSIONS
from app.models.role import CHANGE_ROLES, SEE_ROLES, Role
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.office.role_words import SCOPES, by_room
from app.pages.respond import done
from app.queries import roles as known


@office.get("/roles/<int:role_id>")
@needs(SEE_ROLES)
def role(role_id: int) -> Response:
    found = _role(role_id)
    return _form(found, found.names, found.rights)


@office.get("/roles/new")
@needs(CHANGE_ROLES)
def new_role() -> Response:
    """An empty role, or a copy of another to begin with."""
    like = known.one(request.args.get("like", 0, int))
    if like is None:
        return _form(None, {}, {})
    names = {code: _("%(name)s – copy", name=name) for code, name in like.names.items()}
    return _form(None, names, like.rights)


@office.post("/roles/new")
@needs(CHANGE_ROLES)
def add_role() -> AnyResponse:
    names, rights = _entered()
    try:
        made = changes.create(names, rights, viewer(), origin(), now())
    except NotAccepted as refused:
        return _form(None, names, rights, errors=refused.errors)
    except Refusal as refusal:
        return _form(None, names, rights, problem=refusal.message)
    return done(url_for("office.role", role_id=made.id), _("Added"))


@office.post("/roles/<int:role_id>")
@needs(CHANGE_ROLES)
def change_role(role_id: int) -> AnyResponse:
    names, rights = _entered()
    try:
        changes.change(role_id, names, rights, viewer(), origin(), now())
    except NotAccepted as refused:
        return _form(_role(role_id), names, rights, errors=refused.errors)
    except changes.NoSuchRole:
        abort(404)
    except Refusal as refusal:
        return _form(_role(role_id), names, rights, problem=refusal.message)
    return done(url_for("office.role", role_id=role_id), _("Saved. It is in effect on open pages, too."))


@office.post("/roles/<int:role_id>/delete")
@needs(CHANGE_ROLES)
def delete_role(role_id: int) -> AnyResponse:
    changes.delete(role_id, viewer(), origin(), now())
    return done(url_for("office.roles"), _("The role is deleted"))


def _role(role_id: int) -> Role:
    found = known.one(role_id)
    if found is None:
        abort(404)
    return found


def _entered() -> tuple[dict[str, str], dict[str, str]]:
    names = {code: request.form.get(f"names.{code}", "") for code in LANGUAGES}
    return names, {code: scope for code in PERMISSIONS if (scope := request.form.get(code, ""))}


def _form(
    found: Role | None,
    names: Mapping[str, str],
    rights: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    problem: str = "",
) -> Response:
    holders = known.holders(found.id) if found else []
    own = viewer().person_id in {person.id for person in holders}
    page = render_template(
        "office/role.html",
        role=found,
        names=names,
        rights=rights,
        holders=holders,
        rooms=by_room(),
        scopes=SCOPES,
        names_field=NAMES,
        errors=errors or {},
        problem=problem,
        own=own,
        may_change=viewer().may(CHANGE_ROLES) and not own,
    )
    return make_response(page, 422 if errors or problem else 200)
