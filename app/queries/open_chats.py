"""Open chats as a supervisor looks through them: whose, of which group and channel, and how long each waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.base.crypt import opened
from app.models.db import db
from app.models.viewer import Viewer
from app.queries.visible import REACH, reach

WINDOW = 200

_OPEN = text(f"""
    SELECT s.chat_id, s.stage, s.waits_since, s.awaits_since, s.last_at, s.snooze, c.customer_id, k.name,
           h.kind AS channel_kind, h.name AS channel_name, p.name AS owner_name, g.names AS group_names,
           count(*) OVER () AS total
      FROM standing s JOIN episode e ON e.id = s.episode_id JOIN chat c ON c.id = s.chat_id
      JOIN customer k ON k.id = c.customer_id JOIN identity i ON i.id = s.identity_id
      JOIN channel h ON h.id = i.channel_id
      LEFT JOIN person p ON p.id = s.owner_id LEFT JOIN staff_group g ON g.id = s.group_id
     WHERE {REACH}
       AND (CAST(:group_id AS bigint) IS NULL OR s.group_id = :group_id)
       AND (CAST(:owner_id AS bigint) IS NULL OR s.owner_id = :owner_id)
       AND (CAST(:channel_id AS bigint) IS NULL OR h.id = :channel_id)
       AND (CAST(:before AS timestamptz) IS NULL OR s.waits_since < :before)
       AND (NOT :answered OR s.waits_since IS NULL)
     ORDER BY s.waits_since NULLS LAST, s.last_at LIMIT {WINDOW}
""")  # noqa: S608 - our own words
_PEOPLE = text("""
    SELECT DISTINCT p.id, p.name FROM person p
     WHERE p.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM standing s WHERE s.owner_id = p.id)
        OR EXISTS (SELECT 1 FROM person_role r JOIN role_permission m USING (role_id)
                    WHERE r.person_id = p.id AND m.permission = 'chats.answer'))
     ORDER BY p.name
""")
_GROUPS = text("SELECT id, names FROM staff_group WHERE archived_at IS NULL ORDER BY position, id")
_CHANNELS = text("SELECT id, name FROM channel ORDER BY name, id")


@dataclass(frozen=True)
class Wish:
    """What is asked for. `waits`: minutes a client waits at least; -1: those whose client was answered."""

    group_id: int | None = None
    owner_id: int | None = None
    channel_id: int | None = None
    waits: int | None = None


@dataclass(frozen=True)
class Row:
    chat_id: int
    stage: str
    waits_since: datetime | None
    last_at: datetime
    snooze: str | None
    name: str
    channel_kind: str
    channel_name: str
    owner_name: str | None
    group_names: dict[str, str] | None


def rows(viewer: Viewer, wish: Wish, now: datetime) -> tuple[list[Row], int]:
    """At most WINDOW open chats, whoever waits longest first; and how many there are."""
    waits = wish.waits or 0
    values = {
        "group_id": wish.group_id,
        "owner_id": wish.owner_id,
        "channel_id": wish.channel_id,
        "before": now - timedelta(minutes=waits) if waits > 0 else None,
        "answered": waits < 0,
        **reach(viewer),
    }
    found = db.session.execute(_OPEN, values).all()
    return [_row(row) for row in found], found[0].total if found else 0


def people() -> list[tuple[int, str]]:
    """Who answers clients, for a filter."""
    return [(row.id, row.name) for row in db.session.execute(_PEOPLE)]


def groups() -> list[tuple[int, dict[str, str]]]:
    return [(row.id, row.names) for row in db.session.execute(_GROUPS)]


def channels() -> list[tuple[int, str]]:
    return [(row.id, row.name) for row in db.session.execute(_CHANNELS)]


def _row(row: Any) -> Row:
    return Row(
        row.chat_id,
        row.stage,
        row.waits_since,
        row.last_at,
        row.snooze,
        opened(row.name, "customer.name", row.customer_id),
        row.channel_kind,
        row.channel_name,
        row.owner_name,
        row.group_names,
    )
