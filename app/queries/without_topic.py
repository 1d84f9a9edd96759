"""Finished chats that nobody has said the topic of: one's own, and everybody's for supervisors (clause 9.5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.base.crypt import opened
from app.models.db import db
from app.models.viewer import Viewer
from app.queries.visible import REACH, reach

WINDOW = 100
COUNTED = 1000  # a badge need not be more precise

_WANTS = "e.wants_topic AND e.closed_at IS NOT NULL"
_SOURCE = f"""
      FROM episode e JOIN chat c ON c.id = e.chat_id JOIN customer k ON k.id = c.customer_id
      JOIN channel h ON h.id = e.channel_id LEFT JOIN standing s ON s.episode_id = e.id
      LEFT JOIN person p ON p.id = e.owner_id LEFT JOIN staff_group g ON g.id = e.group_id
     WHERE {_WANTS}
"""
_SHOWN = """
    SELECT e.chat_id, e.number, e.closed_at, e.outcome, e.closed_by IS NULL AS by_itself, c.customer_id, k.name,
           h.kind AS channel_kind, h.name AS channel_name, p.name AS owner_name, g.names AS group_names
"""
_ORDER = f"ORDER BY e.closed_at DESC LIMIT {WINDOW}"
_OWN = text(f"{_SHOWN} {_SOURCE} AND e.owner_id = :me {_ORDER}")
_ALL = text(f"""
    {_SHOWN} {_SOURCE} AND {REACH}
       AND (CAST(:group_id AS bigint) IS NULL OR e.group_id = :group_id)
       AND (CAST(:owner_id AS bigint) IS NULL OR e.owner_id = :owner_id) {_ORDER}
""")
_COUNT_OWN = text(f"""
    SELECT count(*) FROM (SELECT 1 FROM episode e WHERE {_WANTS} AND e.owner_id = :me LIMIT {COUNTED}) found
""")  # noqa: S608 - our own words
_COUNT_ALL = text(f"""
    SELECT count(*) FROM (
        SELECT 1 FROM episode e LEFT JOIN standing s ON s.episode_id = e.id WHERE {_WANTS} AND {REACH} LIMIT {COUNTED}
    ) found
""")  # noqa: S608 - our own words


@dataclass(frozen=True)
class Row:
    """A finished episode without a topic. `by_itself`: the client or the system has ended it."""

    chat_id: int
    number: int
    closed_at: datetime
    outcome: str | None
    by_itself: bool
    name: str
    channel_kind: str
    channel_name: str
    owner_name: str | None
    group_names: dict[str, str] | None


def own(viewer: Viewer) -> list[Row]:
    """Those this person answered, the newest first."""
    return [_row(row) for row in db.session.execute(_OWN, {"me": viewer.person_id})]


def everybodys(viewer: Viewer, group_id: int | None = None, owner_id: int | None = None) -> list[Row]:
    """Those this viewer may see, the newest first."""
    values = {"group_id": group_id, "owner_id": owner_id, **reach(viewer)}
    return [_row(row) for row in db.session.execute(_ALL, values)]


def count_own(viewer: Viewer) -> int:
    return int(db.session.scalar(_COUNT_OWN, {"me": viewer.person_id}) or 0)


def count_everybodys(viewer: Viewer) -> int:
    return int(db.session.scalar(_COUNT_ALL, reach(viewer)) or 0)


def _row(row: Any) -> Row:
    return Row(
        row.chat_id,
        row.number,
        row.closed_at,
        row.outcome,
        row.by_itself,
        opened(row.name, "customer.name", row.customer_id),
        row.channel_kind,
        row.channel_name,
        row.owner_name,
        row.group_names,
    )
