"""The files of one of the bank's templates, and how often it was used."""

from typing import BinaryIO, cast
from uuid import UUID

from flask import Response, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.actions import template_files as changes
from app.models.listing import CHANGE_LISTS
from app.models.template import TEMPLATES
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.respond import done
from app.queries import lists, template_files


@office.get("/lists/templates/<int:row_id>/files")
@needs(CHANGE_LISTS)
def files_of_template(row_id: int) -> Response:
    row = lists.one(TEMPLATES, row_id)
    if row is None:
        abort(404)
    page = render_template(
        "office/template_files.html", row=row, files=template_files.of_bank(row_id), most=changes.MOST
    )
    return make_response(page)


@office.post("/lists/templates/<int:row_id>/files")
@needs(CHANGE_LISTS)
def add_template_file(row_id: int) -> AnyResponse:
    sent = request.files.get("upload")
    if lists.one(TEMPLATES, row_id) is None or sent is None or not sent.filename:
        abort(400)
    changes.add(row_id, cast(BinaryIO, sent.stream), sent.filename, viewer(), now(), origin())
    return done(url_for("office.files_of_template", row_id=row_id))


@office.post("/lists/templates/<int:row_id>/files/<uuid:kept_id>/remove")
@needs(CHANGE_LISTS)
def remove_template_file(row_id: int, kept_id: UUID) -> AnyResponse:
    changes.remove(row_id, kept_id, viewer(), now(), origin())
    return done(url_for("office.files_of_template", row_id=row_id))
