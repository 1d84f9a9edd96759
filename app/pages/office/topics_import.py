"""Topics to and from a table: look at what would change, then let it happen."""

from flask import Response, make_response, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from app.actions import topics_import as importing
from app.base import tables
from app.base.clock import business_day
from app.base.refusal import Refusal
from app.models.listing import CHANGE_LISTS
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office, uploaded
from app.pages.respond import done
from app.queries import topic_table


@office.get("/lists/topics/export")
@needs(CHANGE_LISTS)
def export_topics() -> Response:
    answer = make_response(tables.xlsx_file(topic_table.table(), "topics"))
    answer.headers["Content-Type"] = tables.XLSX
    answer.headers["Content-Disposition"] = f'attachment; filename="topics-{business_day(now())}.xlsx"'
    return answer


@office.get("/lists/topics/import")
@needs(CHANGE_LISTS)
def import_topics() -> Response:
    return _page()


@office.post("/lists/topics/import")
@needs(CHANGE_LISTS)
def preview_topics() -> Response:
    try:
        return _page(preview=importing.preview(uploaded.table(), viewer()))
    except Refusal as refusal:
        return _page(problem=refusal.message, status=422)


@office.post("/lists/topics/import/confirm")
@needs(CHANGE_LISTS)
def bring_topics() -> AnyResponse:
    try:
        count = importing.bring(request.form.get("rows", ""), viewer(), origin(), now())
    except Refusal as refusal:
        return _page(problem=refusal.message, status=422)
    return done(url_for("office.topics"), ngettext("%(num)s topic changed", "%(num)s topics changed", count))


def _page(*, preview: importing.Preview | None = None, problem: str = "", status: int = 200) -> Response:
    page = render_template("office/topics_import.html", preview=preview, problem=problem, columns=topic_table.COLUMNS)
    return make_response(page, status)
