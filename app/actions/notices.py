"""Tell people: a row for each, kept until it is read and longer, and the bell of whoever is there (clause 8.5)."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.base import crypt, ids
from app.base.masks import in_texts, without_codes
from app.live import push
from app.models.db import Transaction, db, transaction
from app.models.news import ADDRESSED, BEGUN
from app.models.notice import NoticeKind
from app.models.viewer import AnyViewer, Viewer

_TELL = text("""
    INSERT INTO notice (id, person_id, kind, words, chat_id, link, important, update_id, by_id, at)
    VALUES (:id, :person_id, :kind, :words, :chat_id, :link, :important, :update_id, :by_id, :at)
""")
_READ = text("UPDATE notice SET read_at = :now WHERE person_id = :me AND id = ANY(:ids) AND read_at IS NULL")
_READ_ALL = text("UPDATE notice SET read_at = :now WHERE person_id = :me AND read_at IS NULL")
# What must be read before work is confirmed piece by piece.
_READ_NEWS = text(f"""
    INSERT INTO news_reading (news_id, person_id, version, at)
    SELECT n.id, p.id, n.version, :now FROM news n JOIN person p ON p.id = :me
     WHERE {ADDRESSED} AND {BEGUN} AND NOT n.must_read ON CONFLICT DO NOTHING
""")  # noqa: S608 - our own words


def tell(
    tx: Transaction,
    people: Collection[int],
    kind: NoticeKind,
    now: datetime,
    *,
    chat_id: int | None = None,
    link: str = "",
    important: bool = False,
    update_id: int | None = None,
    by: AnyViewer | None = None,
    **words: str | int | Mapping[str, str],
) -> None:
    """Tell each of `people`, once. `words` fill the kind's sentence, each the same for all or by language;
    %(chat)s is there by itself.

    Without a `link` it leads to the chat. Important ones that were missed stand before work (clause 8.5), those of a
    planned update until it is over.
    """
    words = in_texts(without_codes, words)
    said = json.dumps({"chat": chat_id, **words} if chat_id else words, ensure_ascii=False)
    common: dict[str, Any] = {
        "kind": kind.code, "chat_id": chat_id, "link": link, "important": important,
        "update_id": update_id, "by_id": by.person_id if by else None, "at": now,
    }  # fmt: skip
    rows = []
    for person_id in sorted(set(people)):
        notice_id = ids.uuid7(now)
        sealed = crypt.seal(said, at=("notice.words", notice_id))
        rows.append({"id": notice_id, "person_id": person_id, "words": sealed, **common})
    if rows:
        db.session.execute(_TELL, rows)
        tx.after(push.told, tuple(row["id"] for row in rows))


def read(notice_ids: Collection[UUID], by: Viewer, now: datetime) -> None:
    """Mark one's own notifications as read; others' are left alone."""
    with transaction() as tx:
        db.session.execute(_READ, {"me": by.person_id, "ids": list(notice_ids), "now": now})
        tx.after(push.bell_changed, by.person_id)


def read_all(by: Viewer, now: datetime) -> None:
    """Mark all of one's notifications as read, and all news but what has to be confirmed."""
    with transaction() as tx:
        db.session.execute(_READ_ALL, {"me": by.person_id, "now": now})
        db.session.execute(_READ_NEWS, {"me": by.person_id, "now": now})
        tx.after(push.bell_changed, by.person_id)
