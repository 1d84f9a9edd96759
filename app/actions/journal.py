"""Write the journal: in the transaction of what it tells, so that neither stands without the other."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from app.base import crypt, ids
from app.models.db import db
from app.models.journal import JournalRow, Kind
from app.models.viewer import AnyViewer


class Origin:
    """From where: the address and device behind a request, or the command line."""

    def __init__(self, address: str = "", device: str = "") -> None:
        self.address, self.device = address, device[:300]


HERE = Origin("local", "command line")


def note(
    kind: Kind,
    by: AnyViewer | None,
    now: datetime,
    origin: Origin,
    *,
    of: tuple[str, object] = ("", ""),
    login: str = "",
    outcome: str = "done",
    **details: Any,
) -> None:
    """Add one row. `of` is (kind, id) of the object; `details` hold before and after, secrets already masked."""
    row_id = ids.uuid7(now)
    db.session.execute(
        insert(JournalRow).values(
            id=row_id,
            at=now,
            kind=kind.code,
            outcome=outcome,
            person_id=by.person_id if by else None,
            login=login or (by.login if by else ""),
            address=origin.address,
            device=origin.device,
            object_kind=of[0],
            object_id=str(of[1]),
            details=crypt.seal(json.dumps(details, ensure_ascii=False, default=str), at=("journal.details", row_id)),
        )
    )
