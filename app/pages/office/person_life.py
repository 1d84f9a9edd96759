"""Block, restore, a new first password, delete: each a button that asks first."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import people_life as changes
from app.base.refusal import Refusal
from app.models.person import MANAGE_PEOPLE
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.office.person import somebody, told_once
from app.pages.respond import done
from app.queries import people as known


@office.post("/people/<int:person_id>/block")
@needs(MANAGE_PEOPLE)
def block_person(person_id: int) -> AnyResponse:
    changes.block(person_id, viewer(), origin(), now())
    return done(_page(person_id), _("Blocked and signed out everywhere. You can restore the account at any time."))


@office.post("/people/<int:person_id>/restore")
@needs(MANAGE_PEOPLE)
def restore_person(person_id: int) -> AnyResponse:
    changes.restore(person_id, viewer(), origin(), now())
    return done(_page(person_id), _("The account works again"))


@office.post("/people/<int:person_id>/password")
@needs(MANAGE_PEOPLE)
def reset_password(person_id: int) -> Response:
    password = changes.reset_password(person_id, viewer(), origin(), now())
    return told_once(somebody(person_id), password)


@office.get("/people/<int:person_id>/delete")
@needs(MANAGE_PEOPLE)
def ask_to_delete(person_id: int) -> AnyResponse:
    found = somebody(person_id)
    if found.deleted_at is not None or found.id == viewer().person_id:
        return redirect(_page(person_id), 303)
    return _asked(person_id)


@office.post("/people/<int:person_id>/delete")
@needs(MANAGE_PEOPLE)
def delete_person(person_id: int) -> AnyResponse:
    try:
        changes.delete(person_id, request.form.get("login", ""), viewer(), origin(), now())
    except (changes.NotConfirmed, changes.StillAtWork) as refusal:
        return _asked(person_id, refusal)
    return done(_page(person_id), _("Deleted. The name stays in history and reports."))


def _asked(person_id: int, refusal: Refusal | None = None) -> Response:
    page = render_template(
        "office/person_delete.html",
        person=somebody(person_id),
        chats=known.open_chats(person_id),
        problem=refusal.message if refusal else "",
    )
    return make_response(page, refusal.status if refusal else 200)


def _page(person_id: int) -> str:
    return url_for("office.person", person_id=person_id)
