"""Notifications of a person: what he was told, and how much of it he has not read."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import get_locale
from sqlalchemy import text

from app.base.crypt import opened
from app.base.masks import in_texts, masked
from app.models.db import db
from app.models.names import pick
from app.models.notice import KINDS
from app.queries.visible import NotVisible


@dataclass(frozen=True)
class Notice:
    """One notification; `locale` is the language of whoever it is for."""

    id: UUID
    person_id: int
    locale: str
    kind: str
    words: dict[str, Any]
    chat_id: int | None
    link: str
    important: bool
    author: str
    at: datetime
    read_at: datetime | None

    @property
    def said(self) -> str:
        """The sentence in the present language. A kind that is no longer declared is shown by its code."""
        kind, here = KINDS.get(self.kind), str(get_locale())
        words = {name: pick(word, here) if isinstance(word, dict) else word for name, word in self.words.items()}
        return kind.told(words).strip() if kind else self.kind

    @property
    def leads_to(self) -> str:
        return self.link or (f"/chats/{self.chat_id}" if self.chat_id else "")


_SELECT = """
    SELECT n.id, n.person_id, p.locale, n.kind, n.words, n.chat_id, n.link, n.important, coalesce(b.name, '') AS author,
           n.at, n.read_at
      FROM notice n JOIN person p ON p.id = n.person_id LEFT JOIN person b ON b.id = n.by_id
"""
_BY_ID = text(f"{_SELECT} WHERE n.id = ANY(:ids)")
_NEWEST = text(f"{_SELECT} WHERE n.person_id = :me ORDER BY n.at DESC, n.id DESC LIMIT :most")
_BEFORE = text(f"""{_SELECT} WHERE n.person_id = :me AND n.at >= :since AND n.at < :until
    AND (CAST(:kind AS text) IS NULL OR n.kind = :kind)
    AND (CAST(:read AS boolean) IS NULL OR (n.read_at IS NOT NULL) = :read)
    ORDER BY n.at DESC, n.id DESC LIMIT :most""")
_MISSED = text(f"""{_SELECT} LEFT JOIN planned_update u ON u.id = n.update_id
    WHERE n.person_id = :me AND n.read_at IS NULL AND n.important
    AND (u.id IS NULL OR u.called_off_at IS NULL AND u.till_at > :now)
    AND n.at < (SELECT started_at FROM session WHERE id = :session) ORDER BY n.at, n.id LIMIT :most""")  # noqa: S608
_UNREAD = text("SELECT count(*) FROM notice WHERE person_id = :me AND read_at IS NULL")


def by_ids(ids: Collection[UUID]) -> list[Notice]:
    return [_notice(row) for row in db.session.execute(_BY_ID, {"ids": list(ids)})]


def mine(person_id: int, notice_id: UUID) -> Notice:
    """A notification of this person. Raises NotVisible."""
    found = [one for one in by_ids([notice_id]) if one.person_id == person_id]
    if not found:
        raise NotVisible
    return found[0]


def newest(person_id: int, most: int) -> list[Notice]:
    return [_notice(row) for row in db.session.execute(_NEWEST, {"me": person_id, "most": most})]


def between(
    person_id: int, since: datetime, until: datetime, most: int, kind: str | None = None, read: bool | None = None
) -> list[Notice]:
    """Newest first, from `since` to before `until`; `read` None is both."""
    values = {"me": person_id, "since": since, "until": until, "most": most, "kind": kind, "read": read}
    return [_notice(row) for row in db.session.execute(_BEFORE, values)]


def missed(person_id: int, session_id: UUID, now: datetime, most: int = 20) -> list[Notice]:
    """Important ones that came before this session began and are not read: they stand before work."""
    values = {"me": person_id, "session": session_id, "now": now, "most": most}
    return [_notice(row) for row in db.session.execute(_MISSED, values)]


def unread(person_id: int) -> int:
    return int(db.session.execute(_UNREAD, {"me": person_id}).scalar_one())


def _notice(row: Any) -> Notice:
    words = in_texts(masked, json.loads(opened(row.words, "notice.words", row.id) or "{}"))
    return Notice(**{**row._mapping, "words": words})
