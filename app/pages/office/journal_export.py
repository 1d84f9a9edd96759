"""Rows of the journal as a file: exactly what the filter shows, at most ten thousand."""

from collections.abc import Iterator, Sequence

from flask import Response, abort, request
from flask_babel import gettext as _

from app.actions import journal as written
from app.base import tables
from app.base.loop import off_loop
from app.models.journal import OUTCOMES, READ_JOURNAL
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.office.journal import asked_for
from app.pages.office.journal_words import kind_label, object_label
from app.queries import journal as known

MOST = 10_000


@office.post("/journal/export")
@needs(READ_JOURNAL)
def export_journal() -> Response:
    kind = request.form.get("as", "csv")
    if kind not in ("csv", "xlsx"):
        abort(404)
    wanted = asked_for(request.form)
    rows = list(_table(known.page(viewer(), wanted, most=MOST)))
    title = _("Journal")
    content = off_loop(tables.xlsx_file, rows, title) if kind == "xlsx" else off_loop(tables.csv_file, rows)
    chosen = {name: str(value) for name, value in vars(wanted).items() if value}
    written.exported(viewer(), now(), origin(), rows=len(rows) - 1, file=kind, filter=chosen)
    return Response(
        content,
        content_type=tables.XLSX if kind == "xlsx" else tables.CSV,
        headers={"Content-Disposition": f'attachment; filename="journal-{now():%Y%m%d-%H%M}.{kind}"'},
    )


def _table(rows: Sequence[known.Row]) -> Iterator[list[str]]:
    yield [
        _("When (UTC)"), _("Who"), _("Event"), _("Code"), _("Outcome"), _("Object"), _("Address"), _("Device"),
        _("Number"),
    ]  # fmt: skip
    for row in rows:
        outcome = str(OUTCOMES.get(row.outcome, row.outcome))
        yield [
            row.at.isoformat(timespec="seconds"), row.login, kind_label(row.kind), row.kind, outcome,
            object_label(row.object_kind, row.object_id), row.address, row.device, str(row.id),
        ]  # fmt: skip
