"""The bank's lists: which there are, what stands in each, and in which order."""

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.actions import lists as changes
from app.models import (  # noqa: F401  (each declares its list)
    auto_reply,
    ending,
    group,
    hours,
    reply_exception,
    segment,
    skill,
    template,
    topic,
    work_status,
)
from app.models.listing import CHANGE_LISTS, LISTS, Listing
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.office.list_words import cell
from app.pages.respond import done
from app.queries import lists as stored

menu.entry(_l("Lists"), "office.lists", CHANGE_LISTS, 40, wing="office")


@office.get("/lists")
@needs(CHANGE_LISTS)
def lists() -> Response:
    counted = [(listing, stored.counts(listing)[0]) for listing in _in_order()]
    return make_response(render_template("office/lists.html", counted=counted))


@office.get("/lists/<key>")
@needs(CHANGE_LISTS)
def list_rows(key: str) -> Response:
    listing = known(key)
    archived = bool(request.args.get("archived"))
    rows = stored.rows(listing, archived=archived)
    columns = [field for field in listing if field.column]
    page = render_template(
        "office/list.html",
        listing=listing,
        lists=_in_order(),
        rows=stored.branches(rows) if listing.tree else [(row, 1) for row in rows],
        columns=columns,
        heads=[{"label": word} for word in (_("Title"), *(field.column for field in columns), "")],
        cell=cell,
        counts=stored.counts(listing),
        archived=archived,
    )
    return make_response(page)


@office.post("/lists/<key>/<int:row_id>/move")
@needs(CHANGE_LISTS)
def move_in_list(key: str, row_id: int) -> AnyResponse:
    changes.move(known(key), row_id, request.form.get("direction") == "up", viewer(), origin(), now())
    return done(url_for("office.list_rows", key=key, _anchor=f"row-{row_id}"))


@office.post("/lists/<key>/<int:row_id>/archive")
@needs(CHANGE_LISTS)
def archive_in_list(key: str, row_id: int) -> AnyResponse:
    changes.archive(known(key), row_id, viewer(), origin(), now())
    return done(url_for("office.list_rows", key=key), _("Out of use. You can bring it back at any time."))


@office.post("/lists/<key>/<int:row_id>/restore")
@needs(CHANGE_LISTS)
def restore_in_list(key: str, row_id: int) -> AnyResponse:
    changes.restore(known(key), row_id, viewer(), origin(), now())
    return done(url_for("office.list_rows", key=key, _anchor=f"row-{row_id}"), _("In use again"))


def _in_order() -> list[Listing]:
    return sorted(LISTS.values(), key=lambda listing: listing.order)


def known(key: str) -> Listing:
    if key not in LISTS:
        abort(404)
    return LISTS[key]
