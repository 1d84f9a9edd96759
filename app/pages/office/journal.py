"""The journal: who did what, when and from where (clauses 12.2, 12.17–12.22). Only for who may read it."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from app.actions import journal as written
from app.base import clock
from app.models.journal import MANAGE_JOURNAL, OUTCOMES, READ_JOURNAL
from app.models.journal import declare as declare_kind
from app.models.journal_policy import SHOWN_DAYS
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.office.journal_words import by_room, kind_label, object_label, object_url, told
from app.queries import journal as known
from app.queries import settings as stored

menu.entry(_l("Journal"), "office.journal", READ_JOURNAL, 85)
menu.entry(_l("Journal"), "office.journal", READ_JOURNAL, 70, wing="office")

OPENED = declare_kind("journal.opened", _l("Journal opened"))
ROW_OPENED = declare_kind("journal.row_opened", _l("Entry of the journal opened"))


@office.get("/journal")
@needs(READ_JOURNAL)
def journal() -> Response:
    written.saw(OPENED, viewer(), now(), origin(), of=("journal", ""))
    wanted = asked_for(request.args)
    rows = known.page(viewer(), wanted, _uuid(request.args.get("before", "")), known.PAGE + 1)
    given = {name: value for name, value in request.args.items() if value and name != "before"}
    older = url_for("office.journal", **given, before=rows[known.PAGE - 1].id) if len(rows) > known.PAGE else None  # type: ignore[arg-type]
    page = render_template(
        "office/journal.html",
        rows=rows[: known.PAGE],
        wanted=wanted,
        older=older,
        newest=url_for("office.journal", **given) if "before" in request.args else None,  # type: ignore[arg-type]
        rooms=by_room(),
        outcomes=OUTCOMES,
        objects=known.object_kinds(),
        kind_label=kind_label,
        object_label=object_label,
        may_manage=viewer().may(MANAGE_JOURNAL),
    )
    return make_response(page)


@office.get("/journal/<uuid:row_id>")
@needs(READ_JOURNAL)
def journal_row(row_id: UUID) -> Response:
    found = known.one(viewer(), row_id)
    if found is None:
        abort(404)
    written.saw(ROW_OPENED, viewer(), now(), origin(), of=("journal", row_id))
    row, details = found
    page = render_template(
        "office/journal_row.html",
        row=row,
        told=told(details),
        outcomes=OUTCOMES,
        kind_label=kind_label,
        object_label=object_label,
        object_url=object_url(row.object_kind, row.object_id),
    )
    return make_response(page)


def asked_for(given: Mapping[str, str]) -> known.Filter:
    """What a form asks for; without a period the last days by the audit policy."""
    texts = {
        name: given.get(name, "").strip()[:80]
        for name in ("who", "kind", "object_kind", "object_id", "outcome", "address", "q")
    }
    since = clock.read_day(given.get("since", ""))
    if since is None and "since" not in given:
        since = clock.business_day(now()) - timedelta(days=stored.value(SHOWN_DAYS))
    return known.Filter(**texts, since=since, until=clock.read_day(given.get("until", "")))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
