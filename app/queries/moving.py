"""Chats that are to change hands together: which they are, who would get each, and what was done of late."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.base.crypt import opened
from app.models.db import db
from app.models.dispatch import Choice, Waiting
from app.models.viewer import AnyViewer
from app.queries import candidates, waiting
from app.queries.visible import manages

UNDO = timedelta(seconds=60)


@dataclass(frozen=True)
class Move:
    """One chat of a preview. `to`: the person's name, None is the waiting list; `how`: see models/dispatch.How."""

    chat_id: int
    name: str
    language: str | None
    to: str | None
    how: str


@dataclass(frozen=True)
class Stop:
    """A stop or a mass move that can still be undone."""

    id: int
    person_id: int | None
    name: str | None
    at: datetime
    chats: int


_HELD = text("SELECT chat_id FROM standing WHERE owner_id = :person_id ORDER BY chat_id")
_OF_GROUP = text("SELECT chat_id FROM standing WHERE group_id = :group_id ORDER BY chat_id")
_PLACES = text("SELECT chat_id, owner_id, group_id FROM standing WHERE chat_id = ANY(:chat_ids) ORDER BY chat_id")
_NAMES = text("""
    SELECT s.chat_id, k.id AS customer_id, k.name, s.language FROM standing s
      JOIN chat c ON c.id = s.chat_id JOIN customer k ON k.id = c.customer_id
     WHERE s.chat_id = ANY(:chat_ids) ORDER BY s.score DESC, s.waits_since NULLS LAST, s.last_at
""")
_UNDOABLE = text("""
    SELECT t.id, t.person_id, p.name, t.at, jsonb_array_length(t.moved) AS chats
      FROM stop t LEFT JOIN person p ON p.id = t.person_id
     WHERE t.by_id = :by AND t.undone_at IS NULL AND t.at > :since ORDER BY t.at DESC LIMIT 3
""")


def held(person_id: int) -> Sequence[int]:
    """The open chats of a person."""
    return db.session.scalars(_HELD, {"person_id": person_id}).all()


def of_group(group_id: int) -> Sequence[int]:
    """The open chats of a group, waiting or answered."""
    return db.session.scalars(_OF_GROUP, {"group_id": group_id}).all()


def managed(viewer: AnyViewer, chat_ids: Collection[int]) -> list[int]:
    """Those of these open chats that this person manages."""
    rows = db.session.execute(_PLACES, {"chat_ids": list(chat_ids)})
    return [row.chat_id for row in rows if manages(viewer, row.owner_id, row.group_id)]


def plan(chat_ids: Collection[int], but: int | None, now: datetime) -> list[tuple[Waiting, Choice]]:
    """By the rules: who would get each of these chats, one after the other; `but`: without this person."""
    people, ways = candidates.pool(now, but), candidates.ways()
    return [(chat, candidates.reserve(chat, people, ways, now)) for chat in waiting.these(chat_ids)]


def preview(chat_ids: Collection[int], but: int | None, now: datetime) -> list[Move]:
    """The plan in words."""
    chosen = {chat.chat_id: choice for chat, choice in plan(chat_ids, but, now)}
    people = {one.person_id: one.name for one in candidates.pool(now, but)}
    return [_move(row, chosen[row.chat_id], people) for row in db.session.execute(_NAMES, {"chat_ids": list(chat_ids)})]


def undoable(by: int, now: datetime) -> list[Stop]:
    """What this person did in the last minute and may take back."""
    return [Stop(*row) for row in db.session.execute(_UNDOABLE, {"by": by, "since": now - UNDO})]


def _move(row: Any, choice: Choice, people: dict[int, str]) -> Move:
    name = opened(row.name, "customer.name", row.customer_id)
    return Move(row.chat_id, name, row.language, people.get(choice.person_id or 0), choice.how or "")
