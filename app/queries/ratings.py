"""Ratings: one by its id or link, what stands in a chat's thread and past, whom a low one concerns (clause 9.6)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.base import crypt
from app.base.clock import business_day, day_bounds, micros
from app.base.crypt import opened
from app.base.masks import masked
from app.base.numbers import whole
from app.models.db import db


@dataclass(frozen=True)
class Rating:
    """A question that was asked. `mark` is None until it is answered."""

    id: int
    closure_id: int
    chat_id: int
    episode_id: int
    identity_id: int
    channel_id: int
    group_id: int | None
    language: str
    scale: int
    how: str
    message_id: UUID
    asked_at: datetime
    ends_at: datetime
    mark: int | None
    commented: bool
    excluded: bool


@dataclass(frozen=True)
class Given:
    """The mark of an episode's last closing, for the client's card."""

    mark: int
    scale: int
    comment: str


_COLUMNS = """
    SELECT id, closure_id, chat_id, episode_id, identity_id, channel_id, group_id, language, scale, how,
           message_id, asked_at, ends_at, mark, comment IS NOT NULL AS commented,
           excluded_at IS NOT NULL AS excluded
      FROM rating
"""
_ONE = text(f"{_COLUMNS} WHERE id = :id")
_OF_MESSAGES = text(f"{_COLUMNS} WHERE message_id = ANY(:ids)")
_AWAITED = text(f"""
    {_COLUMNS} WHERE chat_id = :chat_id AND identity_id = :identity_id AND comment_until > :now AND comment IS NULL
     ORDER BY asked_at DESC LIMIT 1
""")
_OF_EPISODES = text("""
    SELECT DISTINCT ON (episode_id) episode_id, id, mark, scale, comment FROM rating
     WHERE episode_id = ANY(:ids) AND mark IS NOT NULL ORDER BY episode_id, asked_at DESC
""")
_ASKED_TODAY = text("SELECT count(*) FROM rating WHERE chat_id = :chat_id AND asked_at >= :since AND asked_at < :until")
# Whoever may manage everybody's chats, or those of this group.
_SUPERVISORS = text("""
    SELECT DISTINCT pr.person_id FROM person_role pr JOIN person p ON p.id = pr.person_id
      JOIN role_permission rp ON rp.role_id = pr.role_id AND rp.permission = 'chats.manage'
     WHERE p.blocked_at IS NULL AND p.deleted_at IS NULL
       AND (rp.scope = 'all' OR rp.scope = 'groups' AND EXISTS (
              SELECT 1 FROM group_member g WHERE g.person_id = p.id AND g.group_id = :group_id))
""")


def one(rating_id: int) -> Rating | None:
    row = db.session.execute(_ONE, {"id": rating_id}).one_or_none()
    return None if row is None else Rating(*row)


def of_messages(message_ids: Collection[UUID]) -> dict[UUID, Rating]:
    """The ratings that these messages ask for."""
    rows = db.session.execute(_OF_MESSAGES, {"ids": list(message_ids)}) if message_ids else ()
    return {row.message_id: Rating(*row) for row in rows}


def awaited_comment(chat_id: int, identity_id: int, now: datetime) -> Rating | None:
    """The rating whose comment the client is about to write."""
    row = db.session.execute(_AWAITED, {"chat_id": chat_id, "identity_id": identity_id, "now": now}).one_or_none()
    return None if row is None else Rating(*row)


def of_episodes(episode_ids: Collection[int]) -> dict[int, Given]:
    """By episode, what its client has given; for cards and lists of past chats."""
    rows = db.session.execute(_OF_EPISODES, {"ids": list(episode_ids)}) if episode_ids else ()
    return {row.episode_id: Given(row.mark, row.scale, _comment(row)) for row in rows}


def _comment(row: Any) -> str:
    return masked(opened(row.comment, "rating.comment", row.id))


def asked_today(chat_id: int, now: datetime) -> int:
    """How often this client was asked on the bank's present day."""
    since, until = day_bounds(business_day(now))
    return int(db.session.scalar(_ASKED_TODAY, {"chat_id": chat_id, "since": since, "until": until}) or 0)


def supervisors_of(group_id: int | None) -> list[int]:
    """People who answer for this group's work."""
    return list(db.session.scalars(_SUPERVISORS, {"group_id": group_id}))


def link(rating_id: int, asked_at: datetime) -> str:
    """The path of the page on which a client rates; only we can make it."""
    return f"/rate/{rating_id}.{crypt.sign('rating', _signed(rating_id, asked_at))}"


def by_token(token: str) -> Rating | None:
    """The rating of such a path; None for what we have not signed."""
    told, _, signature = token.partition(".")
    number = whole(told)
    found = None if number is None else one(number)
    if found is None or not crypt.check_signature("rating", _signed(found.id, found.asked_at), signature):
        return None
    return found


def _signed(rating_id: int, asked_at: datetime) -> str:
    # PostgreSQL keeps microseconds; whatever zone a driver gives, the moment is the same.
    return f"{rating_id}:{micros(asked_at)}"
