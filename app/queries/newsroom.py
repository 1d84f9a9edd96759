"""News as its authors see it: everything there is, and who has read it when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from app.models.db import db
from app.models.news import ADDRESSED
from app.queries.news import COLUMNS, SHOWN, News, news_of
from app.queries.visible import NotVisible

_READERS = f"p.blocked_at IS NULL AND p.deleted_at IS NULL AND NOT p.technical AND {ADDRESSED}"

_ALL = text(f"""
    SELECT {COLUMNS} FROM news n JOIN person a ON a.id = n.author_id
     ORDER BY n.published_at IS NOT NULL, coalesce(n.from_at, n.published_at, n.created_at) DESC, n.id DESC LIMIT 500
""")  # noqa: S608 - our own words
_ONE = text(f"SELECT {COLUMNS} FROM news n JOIN person a ON a.id = n.author_id WHERE n.id = :id")  # noqa: S608
_COUNTS = text(f"""
    SELECT n.id, count(d.at), count(*)
      FROM news n JOIN person p ON {_READERS}
      LEFT JOIN news_reading d ON d.news_id = n.id AND d.person_id = p.id AND d.version = n.version
     WHERE n.published_at IS NOT NULL AND n.id = ANY(:ids) GROUP BY n.id
""")  # noqa: S608 - our own words
_WHO = text(f"""
    SELECT p.id, p.name, p.login, p.locale, d.at,
           (SELECT string_agg(coalesce(nullif(g.names ->> :locale, ''), g.names ->> 'ru'), ', ' ORDER BY g.id)
              FROM group_member m JOIN staff_group g ON g.id = m.group_id WHERE m.person_id = p.id) AS groups
      FROM news n JOIN person p ON {_READERS}
      LEFT JOIN news_reading d ON d.news_id = n.id AND d.person_id = p.id AND d.version = n.version
     WHERE n.id = :id ORDER BY d.at DESC NULLS LAST, p.name, p.id
""")  # noqa: S608 - our own words
_THERE = text(f"""
    SELECT DISTINCT p.id, p.locale
      FROM news n JOIN person p ON {_READERS} JOIN session s ON s.person_id = p.id
     WHERE n.id = :id AND {SHOWN} AND s.ended_at IS NULL AND s.seen_at > :active
       AND NOT EXISTS (SELECT FROM news_reading d
                        WHERE d.news_id = n.id AND d.person_id = p.id AND d.version = n.version)
""")  # noqa: S608 - our own words
_TO_ANNOUNCE = text(f"SELECT n.id FROM news n WHERE {SHOWN} AND n.announced_at IS NULL ORDER BY n.id")  # noqa: S608
_TO_REMIND = text(f"""
    SELECT n.id FROM news n
     WHERE {SHOWN} AND n.must_read AND n.reminders < :most
       AND coalesce(n.reminded_at, coalesce(n.from_at, n.published_at)) <= :before ORDER BY n.id
""")  # noqa: S608 - our own words


@dataclass(frozen=True)
class Reader:
    """Somebody the news is for; `read_at` None: not yet."""

    id: int
    name: str
    login: str
    locale: str
    read_at: datetime | None
    groups: str | None


def everything() -> list[News]:
    """Drafts first, then the newest; five hundred at most."""
    return [news_of(row) for row in db.session.execute(_ALL)]


def one(news_id: int) -> News:
    """Raises NotVisible."""
    row = db.session.execute(_ONE, {"id": news_id}).one_or_none()
    if row is None:
        raise NotVisible
    return news_of(row)


def counts(news_ids: list[int]) -> dict[int, tuple[int, int]]:
    """How many have read it, of how many."""
    return {row[0]: (row[1], row[2]) for row in db.session.execute(_COUNTS, {"ids": news_ids})}


def readers(news_id: int, locale: str = "ru") -> list[Reader]:
    """Everyone it is for now; who has read it lately comes first, who has not last."""
    return [Reader(*row) for row in db.session.execute(_WHO, {"id": news_id, "locale": locale})]


def there(news_id: int, now: datetime) -> list[tuple[int, str]]:
    """Those signed in who have not read it, each with his language; nobody while it is not shown."""
    values = {"id": news_id, "now": now, "active": now - timedelta(days=1)}
    return [(row[0], row[1]) for row in db.session.execute(_THERE, values)]


def to_announce(now: datetime) -> list[int]:
    """What has begun, and nobody was told."""
    return list(db.session.scalars(_TO_ANNOUNCE, {"now": now}))


def to_remind(before: datetime, most: int, now: datetime) -> list[int]:
    """What must be read, began or was reminded of before a moment, and was not reminded of often enough."""
    return list(db.session.scalars(_TO_REMIND, {"before": before, "most": most, "now": now}))
