"""Updates that everybody was told of and that are not over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.models.db import db


@dataclass(frozen=True)
class PlannedUpdate:
    """`texts` by language; `waiting`: how many have not read it yet."""

    id: int
    from_at: datetime
    till_at: datetime
    texts: dict[str, str]
    author: str
    at: datetime
    waiting: int


_AHEAD = text("""
    SELECT u.id, u.from_at, u.till_at, u.texts, coalesce(p.name, '') AS author, u.at,
           (SELECT count(*) FROM notice n WHERE n.update_id = u.id AND n.read_at IS NULL) AS waiting
      FROM planned_update u LEFT JOIN person p ON p.id = u.by_id
     WHERE u.called_off_at IS NULL AND u.till_at > :now ORDER BY u.from_at, u.id
""")


def ahead(now: datetime) -> list[PlannedUpdate]:
    """The nearest first."""
    return [PlannedUpdate(*row) for row in db.session.execute(_AHEAD, {"now": now})]
