"""One person: what the account is, made and changed (clauses 7.4, 7.8)."""

from flask import Response, abort, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.actions import journal
from app.actions import people as changes
from app.base.refusal import Refusal
from app.models.journal import declare as declare_kind
from app.models.person import MANAGE_PEOPLE, SEE_PEOPLE, Person
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.office.person_form import PersonForm, of_person
from app.pages.respond import done
from app.queries import fields
from app.queries import people as known

OPENED = declare_kind("person.opened", _l("Account of a person opened"))


@office.get("/people/<int:person_id>")
@needs(SEE_PEOPLE)
def person(person_id: int) -> Response:
    found = somebody(person_id)
    if found.id != viewer().person_id:
        journal.saw(OPENED, viewer(), now(), origin(), of=("person", person_id))
    page = render_template(
        "office/person.html",
        person=found,
        groups=known.groups_of([person_id]).get(person_id, []),
        languages_spoken=known.languages_of(person_id),
        skills=known.skills_of(person_id),
        shown=lambda kind, value: fields.shown(viewer(), kind, value, known.whose(found)),
        own=found.id == viewer().person_id,
        chats=known.open_chats(person_id),
    )
    return make_response(page)


@office.get("/people/new")
@needs(MANAGE_PEOPLE)
def new_person() -> Response:
    return _form(PersonForm(), None)


@office.post("/people/new")
@needs(MANAGE_PEOPLE)
def add_person() -> Response:
    form = PersonForm.sent()
    form.offer()
    if not form.validate():
        return _form(form, None, status=422)
    wanted = form.account(None, phone=True, email=True, own=False)
    try:
        made, password = changes.add(form.login.data or "", wanted, viewer(), origin(), now())
    except Refusal as refusal:
        return _form(form, None, problem=refusal.message, status=422)
    return told_once(made, password)


@office.get("/people/<int:person_id>/edit")
@needs(MANAGE_PEOPLE)
def edit_person(person_id: int) -> Response:
    found = somebody(person_id)
    return _form(of_person(found, phone=_seen("phone", found), email=_seen("email", found)), found)


@office.post("/people/<int:person_id>/edit")
@needs(MANAGE_PEOPLE)
def save_person(person_id: int) -> AnyResponse:
    found, form = somebody(person_id), PersonForm.sent()
    form.offer()
    if not form.validate():
        return _form(form, found, status=422)
    own = found.id == viewer().person_id
    wanted = form.account(found, phone=_seen("phone", found), email=_seen("email", found), own=own)
    try:
        changes.change(person_id, wanted, viewer(), origin(), now())
    except Refusal as refusal:
        return _form(form, somebody(person_id), problem=refusal.message, status=422)
    return done(url_for("office.person", person_id=person_id), _("Saved"))


def somebody(person_id: int) -> Person:
    found = known.one(person_id)
    if found is None:
        abort(404)
    return found


def told_once(person: Person, password: str) -> Response:
    """The page with the first password: it is stored nowhere, so it cannot be shown again."""
    return make_response(render_template("office/person_password.html", person=person, password=password))


def _seen(kind: str, person: Person) -> bool:
    return fields.may_see(viewer(), kind, known.whose(person))


def _form(form: PersonForm, found: Person | None, *, problem: str = "", status: int = 200) -> Response:
    if found is not None and found.deleted_at is not None:
        return make_response(redirect(url_for("office.person", person_id=found.id), 303))
    form.offer()
    masked = {} if found is None else {kind: _masked(kind, found) for kind in ("phone", "email")}
    page = render_template(
        "office/person_form.html",
        form=form,
        person=found,
        own=found is not None and found.id == viewer().person_id,
        masked=masked,
        problem=problem,
    )
    return make_response(page, status)


def _masked(kind: str, person: Person) -> str:
    """What stands there, for who may not see it whole."""
    value = getattr(person, kind)
    return fields.shown(viewer(), kind, value, known.whose(person)) if value and not _seen(kind, person) else ""
