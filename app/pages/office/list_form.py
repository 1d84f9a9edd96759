"""The form of one entry of a list, drawn from the list's declaration."""

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import lists as changes
from app.actions.list_values import NotAccepted, settled
from app.models.auto_reply import OCCASIONS
from app.models.group import GROUPS
from app.models.hours import HOURS
from app.models.kinds import Chosen, Entered
from app.models.listing import CHANGE_LISTS, Field, Listed, Listing
from app.models.topic import TOPICS
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.office.list_words import COLOUR_NAMES, day_names, sample
from app.pages.office.lists import known
from app.pages.respond import done
from app.queries import channels as known_channels
from app.queries import lists as stored
from app.queries import roles


@office.get("/lists/<key>/add")
@needs(CHANGE_LISTS)
def new_in_list(key: str) -> Response:
    listing = known(key)
    if listing.add is None:
        abort(404)
    beginning: dict[str, Entered] = {"parent_id": request.args.get("parent", ""), "colour": "grey"}
    return _form(listing, None, listing.entered(None) | beginning)


@office.post("/lists/<key>/add")
@needs(CHANGE_LISTS)
def add_to_list(key: str) -> AnyResponse:
    listing, entered = known(key), _entered(known(key))
    try:
        row = changes.add(listing, entered, viewer(), origin(), now())
    except NotAccepted as refused:
        return _form(listing, None, entered, refused.errors)
    return done(url_for("office.list_rows", key=key, _anchor=f"row-{row.id}"), _("Added"))


@office.get("/lists/<key>/<int:row_id>")
@needs(CHANGE_LISTS)
def in_list(key: str, row_id: int) -> Response:
    listing = known(key)
    row = _row(listing, row_id)
    return _form(listing, row, listing.entered(row))


@office.post("/lists/<key>/<int:row_id>")
@needs(CHANGE_LISTS)
def change_in_list(key: str, row_id: int) -> AnyResponse:
    listing, entered = known(key), _entered(known(key))
    try:
        changes.change(listing, row_id, entered, viewer(), origin(), now())
    except NotAccepted as refused:
        return _form(listing, _row(listing, row_id), entered, refused.errors)
    return done(url_for("office.list_rows", key=key, _anchor=f"row-{row_id}"), _("Saved"))


def _row(listing: Listing, row_id: int) -> Listed:
    row = stored.one(listing, row_id)
    if row is None:
        abort(404)
    return row


def _entered(listing: Listing) -> dict[str, Entered]:
    return {field.name: _input(field) for field in listing}


def _input(field: Field) -> Entered:
    if field.kind.parts:
        return {part: request.form.get(f"{field.name}.{part}", "") for part in field.kind.parts}
    if isinstance(field.kind, Chosen) and field.kind.many:
        return request.form.getlist(field.name)
    return request.form.get(field.name, "")


def _form(
    listing: Listing, row: Listed | None, entered: Mapping[str, Any], errors: Mapping[str, str] | None = None
) -> Response:
    page = render_template(
        "office/list_form.html",
        listing=listing,
        row=row,
        entered=entered,
        errors=errors or {},
        settled=lambda field: row is not None and settled(field, row),
        days=day_names(),
        colours=COLOUR_NAMES,
        people=stored.people,
        roles=roles.everyone,
        topics=lambda: stored.branches(stored.rows(TOPICS)),
        groups=lambda: stored.rows(GROUPS),
        hours=lambda: stored.rows(HOURS),
        channels=known_channels.everyone,
        occasions=OCCASIONS,
        variables=getattr(row or listing.model(), "variables", ()),
        sample=sample,
    )
    return make_response(page, 422 if errors else 200)
