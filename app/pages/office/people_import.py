"""Import people from a table: choose a file, look at what would happen, then let it happen."""

from flask import Response, make_response, render_template, request

from app.actions import people_import as importing
from app.base.refusal import Refusal
from app.models.person import MANAGE_PEOPLE
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office, uploaded


@office.get("/people/import")
@needs(MANAGE_PEOPLE)
def import_people() -> Response:
    return _page()


@office.post("/people/import")
@needs(MANAGE_PEOPLE)
def preview_people() -> Response:
    try:
        return _page(preview=importing.preview(uploaded.table(), viewer()))
    except Refusal as refusal:
        return _page(problem=refusal.message, status=422)


@office.post("/people/import/confirm")
@needs(MANAGE_PEOPLE)
def bring_people() -> Response:
    try:
        made = importing.bring(request.form.get("rows", ""), viewer(), origin(), now())
    except Refusal as refusal:
        return _page(problem=refusal.message, status=422)
    return make_response(render_template("office/people_made.html", made=made))


def _page(*, preview: importing.Preview | None = None, problem: str = "", status: int = 200) -> Response:
    page = render_template("office/people_import.html", preview=preview, problem=problem, columns=importing.COLUMNS)
    return make_response(page, status)
