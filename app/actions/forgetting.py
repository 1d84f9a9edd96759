"""Codes leave a stored update in the transaction that takes it (clause 15.5; PCI DSS 4.0, 3.3.1)."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.base import crypt
from app.base.masks import in_texts, without_codes
from app.models.db import db

_WITHOUT = text("UPDATE inbox SET raw = :raw WHERE id = :id")


def forget_codes(row_id: UUID, body: Any) -> None:
    """Seal an update of the inbox anew, with a dot for each digit of a code in any of its texts, where it has one."""
    kept = in_texts(without_codes, body)
    if kept != body:
        sealed = crypt.seal(json.dumps(kept, ensure_ascii=False), at=("inbox.raw", row_id))
        db.session.execute(_WITHOUT, {"id": row_id, "raw": sealed})
