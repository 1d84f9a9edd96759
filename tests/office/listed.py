"""What tests of the lists share: the entries of a form as a browser would send them, and the last journal row."""

import json
from typing import Any

from sqlalchemy import select

from app.base import crypt
from app.models.db import db
from app.models.journal import JournalRow


def names(ru: str, **others: str) -> dict[str, str]:
    return {"ru": ru, **others}


def last_journalled() -> tuple[JournalRow, dict[str, Any]]:
    row = db.session.scalars(select(JournalRow).order_by(JournalRow.id.desc()).limit(1)).one()
    return row, json.loads(crypt.open_sealed(row.details, at=("journal.details", row.id)))
