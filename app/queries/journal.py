"""The journal as an auditor looks at it: newest first, filtered, one row opened."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from app.base import clock, crypt
from app.base.masks import in_texts, masked
from app.models.db import db
from app.models.journal import JournalRow
from app.models.viewer import AnyViewer
from app.queries import fields
from app.queries.fields import Whose

PAGE = 50


@dataclass(frozen=True)
class Filter:
    """`kind` is a kind's code or a whole room; `since` and `until` are days in Tashkent, both included."""

    who: str = ""
    kind: str = ""
    object_kind: str = ""
    object_id: str = ""
    outcome: str = ""
    address: str = ""
    q: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Row:
    """`address` as this viewer may see it."""

    id: UUID
    at: datetime
    kind: str
    outcome: str
    person_id: int | None
    login: str
    address: str
    device: str
    object_kind: str
    object_id: str


def page(viewer: AnyViewer, wanted: Filter, before: UUID | None = None, most: int = PAGE) -> Sequence[Row]:
    """Rows older than `before`, newest first."""
    asked = select(JournalRow).where(*_conditions(viewer, wanted)).order_by(JournalRow.id.desc()).limit(most)
    if before is not None:
        asked = asked.where(JournalRow.id < before)
    return [_row(viewer, one) for one in db.session.scalars(asked)]


def one(viewer: AnyViewer, row_id: UUID) -> tuple[Row, dict[str, Any]] | None:
    """A row with what it says, opened. {} when the key that sealed it was put away."""
    found = db.session.get(JournalRow, row_id)
    if found is None:
        return None
    try:
        details: dict[str, Any] = json.loads(crypt.open_sealed(found.details, ("journal.details", found.id)))
    except (crypt.KeyUnknown, crypt.SealBroken):
        details = {}
    return _row(viewer, found), in_texts(masked, details)


def object_kinds() -> list[str]:
    """What the journal of the last months speaks of."""
    recent = _floor(clock.now() - timedelta(days=92))
    asked = select(JournalRow.object_kind).where(JournalRow.id >= recent, JournalRow.object_kind != "").distinct()
    return sorted(db.session.scalars(asked))


def _conditions(viewer: AnyViewer, wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.since:
        found.append(JournalRow.id >= _floor(clock.day_bounds(wanted.since)[0]))
    if wanted.until:
        found.append(JournalRow.id < _floor(clock.day_bounds(wanted.until)[1]))
    for column, value in (
        (JournalRow.login, wanted.who),
        (JournalRow.object_kind, wanted.object_kind),
        (JournalRow.object_id, wanted.object_id),
        (JournalRow.outcome, wanted.outcome),
    ):
        if value:
            found.append(column == value)
    if wanted.kind:
        found.append(or_(JournalRow.kind == wanted.kind, JournalRow.kind.startswith(f"{wanted.kind}.")))
    # Whoever may not see addresses cannot find them out by asking either.
    addresses = fields.may_see(viewer, "address")
    if wanted.address and addresses:
        found.append(JournalRow.address.startswith(wanted.address, autoescape=True))
    for word in wanted.q.split():
        columns = [JournalRow.login, JournalRow.object_id, JournalRow.kind, JournalRow.device]
        columns += [JournalRow.address] if addresses else []
        found.append(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return found


def _floor(moment: datetime) -> UUID:
    """The smallest id of this moment: ids begin with the millisecond they were made in (RFC 9562, 5.7)."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def _row(viewer: AnyViewer, one: JournalRow) -> Row:
    return Row(
        one.id,
        one.at,
        one.kind,
        one.outcome,
        one.person_id,
        one.login,
        fields.shown(viewer, "address", one.address, Whose(one.person_id)),
        one.device,
        one.object_kind,
        one.object_id,
    )
