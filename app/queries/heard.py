"""The one history of news and notifications of a person (clause 8.5)."""

from dataclasses import dataclass
from datetime import date, datetime

from app.base.clock import day_bounds
from app.base.fold import fold
from app.models.notice import KINDS
from app.models.viewer import Viewer
from app.queries import news, notices

MOST = 500  # of each are read; older ones are found by a period
NEWS, NOTICES = "news", "notices"


@dataclass(frozen=True)
class Wish:
    """What a filter asks for. `kind`: "", `news`, `notices`, or the code of one kind of notification."""

    kind: str = ""
    read: bool | None = None
    since: date | None = None
    until: date | None = None
    words: str = ""


@dataclass(frozen=True)
class Heard:
    """A line of the history. `opens` is where its subject leads, `marks` where it is marked as read."""

    id: str
    what: str
    subject: str
    author: str
    at: datetime
    read_at: datetime | None
    opens: str
    marks: str
    important: bool = False
    must_read: bool = False
    pinned: bool = False
    folded: str = ""


def history(viewer: Viewer, wish: Wish, now: datetime) -> list[Heard]:
    """Pinned news first, then everything from the newest on."""
    since = day_bounds(wish.since)[0] if wish.since else datetime.min.replace(tzinfo=now.tzinfo)
    until = day_bounds(wish.until)[1] if wish.until else datetime.max.replace(tzinfo=now.tzinfo)
    found: list[Heard] = []
    if wish.kind in ("", NEWS):
        found += [_of_news(one, viewer.locale, now) for one in _news(viewer, wish, since, until, now)]
    if wish.kind != NEWS:
        kind = wish.kind if wish.kind in KINDS else None
        told = notices.between(viewer.person_id, since, until, MOST, kind, wish.read)
        found += [_of_notice(one) for one in told]
    asked = fold(wish.words).split()
    matching = [one for one in found if all(word in one.folded for word in asked)] if asked else found
    return sorted(matching, key=lambda one: (not one.pinned, -one.at.timestamp()))


def newest(viewer: Viewer, now: datetime, most: int = 7) -> list[Heard]:
    """For the bell: what is unread first, then the newest."""
    since = datetime.min.replace(tzinfo=now.tzinfo)
    unread = [one for one in news.history(viewer.person_id, since, now, now, 50) if one.read_at is None]
    found = [_of_news(one, viewer.locale, now) for one in unread if one.state(now) == "shown"]
    found += [_of_notice(one) for one in notices.newest(viewer.person_id, most)]
    return sorted(found, key=lambda one: (one.read_at is not None, -one.at.timestamp()))[:most]


def unread(person_id: int, now: datetime) -> int:
    return notices.unread(person_id) + news.unread(person_id, now)


def _news(viewer: Viewer, wish: Wish, since: datetime, until: datetime, now: datetime) -> list[news.News]:
    found = news.history(viewer.person_id, since, until, now, MOST)
    return found if wish.read is None else [one for one in found if (one.read_at is not None) is wish.read]


def _of_news(one: news.News, locale: str, now: datetime) -> Heard:
    return Heard(
        id=f"news-{one.id}",
        what=NEWS,
        subject=one.title(locale),
        author=one.author,
        at=one.at,
        read_at=one.read_at,
        opens=f"/me/news/{one.id}",
        marks=f"/me/news/{one.id}/confirm",
        important=one.importance != "usual",
        must_read=one.must_read,
        pinned=one.pinned and one.state(now) == "shown",
        folded=f"{one.folded} {fold(one.author)}",
    )


def _of_notice(one: notices.Notice) -> Heard:
    said = one.said
    return Heard(
        id=f"notice-{one.id}",
        what=one.kind,
        subject=said,
        author=one.author,
        at=one.at,
        read_at=one.read_at,
        opens=f"/me/notifications/{one.id}/open",
        marks=f"/me/notifications/{one.id}/read",
        important=one.important,
        folded=fold(f"{said} {one.author}"),
    )
