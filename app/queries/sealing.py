"""How the keys stand: which seal what, and how far a rotation has come."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.base import crypt
from app.models.db import db
from app.models.sealed import COLUMNS, SealedColumn


@dataclass(frozen=True)
class Progress:
    """One place of a rotation. `broken`: values that do not open, left as they are."""

    place: str
    key_id: str
    done: int
    total: int
    broken: int
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Held:
    """How many values of a column a key seals. `known`: the ring has a key of that id; `fits`: it opens one of them."""

    place: str
    key_id: str
    count: int
    known: bool
    fits: bool


_PROGRESS = text("SELECT place, key_id, done, total, broken, began_at, ended_at FROM reseal ORDER BY began_at, place")


def progress() -> list[Progress]:
    """The places a rotation has come to, in its order."""
    return [Progress(*row) for row in db.session.execute(_PROGRESS)]


def held() -> list[Held]:
    """Every sealed column by the keys of its values; reads all of them, so it takes its time."""
    found = []
    for column in COLUMNS:
        counted = text(f"""
            SELECT convert_from(substring({column.column} FROM 3 FOR get_byte({column.column}, 1)), 'UTF8') AS key_id,
                   count(*) AS count
              FROM {column.table} WHERE length({column.column}) > 2 GROUP BY 1 ORDER BY 1
        """)  # noqa: S608 - names of ours
        for key_id, count in db.session.execute(counted).all():
            known = key_id in crypt.ring().keys
            found.append(Held(column.name, key_id, count, known, known and _fits(column, key_id)))
    return found


def _fits(column: SealedColumn, key_id: str) -> bool:
    """Whether the ring's key of this id opens what is sealed with it: a file may hold another key under the same id."""
    asked = text(f"""
        SELECT ({column.bound})::text AS bound, {column.column} AS value FROM {column.table}
         WHERE substring({column.column} FROM 1 FOR length(CAST(:header AS bytea))) = CAST(:header AS bytea) LIMIT 1
    """)  # noqa: S608 - names of ours
    row = db.session.execute(asked, {"header": crypt.header(key_id)}).one_or_none()
    if row is None:
        return True
    try:
        crypt.open_bytes(row.value, (column.name, row.bound))
    except crypt.SealBroken:
        return False
    return True
