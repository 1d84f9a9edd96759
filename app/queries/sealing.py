"""How the keys stand: which seal what, and how far a rotation has come."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.base import crypt
from app.models.db import db
from app.models.sealed import COLUMNS


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
    """How many values of a column a key seals. `known`: the ring has that key."""

    place: str
    key_id: str
    count: int
    known: bool


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
        found += [Held(column.name, row[0], row[1], row[0] in crypt.ring().keys) for row in db.session.execute(counted)]
    return found
