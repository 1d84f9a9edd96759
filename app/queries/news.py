"""News as a reader sees it: for whom, from when, and whether it is read (clause 8.5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.base.markup import pictures_in
from app.models import news as rules
from app.models.db import db
from app.models.names import pick
from app.models.news import ADDRESSED, BEGUN
from app.queries.visible import NotVisible

SHOWN = f"{BEGUN} AND (n.till_at IS NULL OR n.till_at > :now)"

COLUMNS = """
    n.id, n.titles, n.texts, n.bodies, n.importance, n.must_read, n.pinned, n.group_ids, n.role_ids, n.from_at,
    n.till_at, a.name AS author, n.created_at, n.edited_at, n.published_at, n.withdrawn_at, n.version,
    n.reminded_at, n.folded
"""
_MINE = f"""
    SELECT {COLUMNS}, d.at AS read_at
      FROM news n JOIN person a ON a.id = n.author_id JOIN person p ON p.id = :me
      LEFT JOIN news_reading d ON d.news_id = n.id AND d.person_id = p.id AND d.version = n.version
     WHERE {ADDRESSED}
"""  # noqa: S608 - our own words
_HISTORY = text(f"""{_MINE} AND {BEGUN}
    AND coalesce(n.from_at, n.published_at) >= :since AND coalesce(n.from_at, n.published_at) < :until
    ORDER BY n.pinned AND (n.till_at IS NULL OR n.till_at > :now) DESC,
             coalesce(n.from_at, n.published_at) DESC, n.id DESC
    LIMIT :most""")
_ONE = text(f"{_MINE} AND {BEGUN} AND n.id = :id")
_BEFORE_WORK = text(f"""{_MINE} AND {SHOWN} AND n.must_read AND d.at IS NULL
    ORDER BY n.importance = 'urgent' DESC, coalesce(n.from_at, n.published_at), n.id""")
_UNREAD = text(f"SELECT count(*) FROM ({_MINE} AND {SHOWN} AND d.at IS NULL) unread")  # noqa: S608 - our own words
_FILES = text("""
    SELECT id, number, name, family, size FROM news_file
     WHERE news_id = :id AND removed_at IS NULL ORDER BY number
""")


@dataclass(frozen=True)
class News:
    id: int
    titles: dict[str, str]
    texts: dict[str, str]
    bodies: dict[str, str]
    importance: str
    must_read: bool
    pinned: bool
    group_ids: tuple[int, ...]
    role_ids: tuple[int, ...]
    from_at: datetime | None
    till_at: datetime | None
    author: str
    created_at: datetime
    edited_at: datetime | None
    published_at: datetime | None
    withdrawn_at: datetime | None
    version: int
    reminded_at: datetime | None
    folded: str
    read_at: datetime | None = None

    @property
    def at(self) -> datetime:
        """From when it is shown."""
        return self.from_at or self.published_at or self.created_at

    def state(self, now: datetime) -> str:
        return rules.state(self.published_at, self.withdrawn_at, self.at, self.till_at, now)

    def nearest(self, locale: str) -> str:
        """The language it is shown in to a reader of `locale`: his own, or the nearest that was written."""
        return pick({code: code for code, title in self.titles.items() if title}, locale)

    def title(self, locale: str) -> str:
        return self.titles.get(self.nearest(locale), "")

    def body(self, locale: str) -> str:
        """Sanitised HTML."""
        return self.bodies.get(self.nearest(locale), "")

    def placed(self, locale: str) -> set[int]:
        """Numbers of the pictures that stand in the text itself."""
        return pictures_in(self.texts.get(self.nearest(locale), ""))


@dataclass(frozen=True)
class NewsFile:
    id: UUID
    number: int
    name: str
    family: str
    size: int

    @property
    def url(self) -> str:
        return f"/me/news/files/{self.id}"


def history(person_id: int, since: datetime, until: datetime, now: datetime, most: int) -> list[News]:
    """What began within the time and was for this person: pinned first, then the newest."""
    values = {"me": person_id, "since": since, "until": until, "now": now, "most": most}
    return [news_of(row) for row in db.session.execute(_HISTORY, values)]


def one(person_id: int, news_id: int, now: datetime) -> News:
    """Raises NotVisible: not for this person, not yet, or withdrawn."""
    row = db.session.execute(_ONE, {"me": person_id, "id": news_id, "now": now}).one_or_none()
    if row is None:
        raise NotVisible
    return news_of(row)


def before_work(person_id: int, now: datetime) -> list[News]:
    """What this person has to read first: urgent ones, then from the oldest on."""
    return [news_of(row) for row in db.session.execute(_BEFORE_WORK, {"me": person_id, "now": now})]


def unread(person_id: int, now: datetime) -> int:
    return int(db.session.execute(_UNREAD, {"me": person_id, "now": now}).scalar_one())


def files(news_id: int) -> list[NewsFile]:
    return [NewsFile(*row) for row in db.session.execute(_FILES, {"id": news_id})]


def news_of(row: Any) -> News:
    lists = {"group_ids": tuple(row.group_ids), "role_ids": tuple(row.role_ids)}
    return News(**{**row._mapping, **lists})
