"""News: written, published, withdrawn, read (clauses 7.1, 8.5). Each is journalled."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, BinaryIO

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import journal
from app.actions.journal import Origin
from app.actions.uploads import store
from app.base import ids
from app.base.filenames import safe_name
from app.base.fold import fold
from app.base.markup import to_html
from app.base.refusal import Refusal
from app.base.text import clean
from app.live import push
from app.models.db import Transaction, db, transaction
from app.models.journal import declare as declare_kind
from app.models.news import Importance
from app.models.viewer import Viewer
from app.queries import news, newsroom
from app.queries.news import News

WRITTEN = declare_kind("news.written", _l("News written"))
EDITED = declare_kind("news.edited", _l("News edited"))
PUBLISHED = declare_kind("news.published", _l("News published"))
WITHDRAWN = declare_kind("news.withdrawn", _l("News withdrawn"))
CONFIRMED = declare_kind("news.confirmed", _l("News confirmed as read"))

LONGEST_TITLE = 200
LONGEST = 20_000


class NothingWritten(Refusal):
    notice = _l("Write a title and a text in at least one language.")
    status = 422


class HalfWritten(Refusal):
    notice = _l("A title without a text, or a text without a title: %(language)s.")
    status = 422


class EndsBeforeItBegins(Refusal):
    notice = _l("The news ends before it begins.")
    status = 422


class AlreadyOver(Refusal):
    notice = _l("Its time is already over: choose a later end.")
    status = 422


@dataclass(frozen=True)
class Draft:
    """What an author fills in. Titles and texts by locale; no groups or roles: everyone."""

    titles: Mapping[str, str]
    texts: Mapping[str, str]
    importance: Importance = Importance.USUAL
    must_read: bool = False
    pinned: bool = False
    group_ids: Sequence[int] = ()
    role_ids: Sequence[int] = ()
    from_at: datetime | None = None
    till_at: datetime | None = None


_FIELDS = (
    "titles = CAST(:titles AS jsonb), texts = CAST(:texts AS jsonb), bodies = CAST(:bodies AS jsonb), "
    "folded = :folded, importance = :importance, must_read = :must_read, pinned = :pinned, "
    "group_ids = :group_ids, role_ids = :role_ids, from_at = :from_at, till_at = :till_at"
)
_ADD = text("""
    INSERT INTO news (titles, texts, bodies, folded, author_id, created_at)
    VALUES ('{}', '{}', '{}', '', :author_id, :now) RETURNING id
""")
_SAVE = text(f"UPDATE news SET {_FIELDS} WHERE id = :id")  # noqa: S608 - our own words
_EDITED = text("""
    UPDATE news SET edited_at = :now, version = version + CAST(:again AS int),
           announced_at = CASE WHEN :again THEN NULL ELSE announced_at END,
           reminded_at = CASE WHEN :again THEN NULL ELSE reminded_at END,
           reminders = CASE WHEN :again THEN 0 ELSE reminders END
     WHERE id = :id
""")
_LOCK = text("SELECT id FROM news WHERE id = :id FOR UPDATE")
_PUBLISH = text("""
    UPDATE news SET published_at = :now, withdrawn_at = NULL, announced_at = NULL, reminded_at = NULL, reminders = 0
     WHERE id = :id
""")
_WITHDRAW = text("UPDATE news SET withdrawn_at = :now WHERE id = :id AND published_at IS NOT NULL")
_ANNOUNCED = text("UPDATE news SET announced_at = :now WHERE id = :id AND announced_at IS NULL")
_READ = text("""
    INSERT INTO news_reading (news_id, person_id, version, at)
    VALUES (:id, :person_id, :version, :now) ON CONFLICT DO NOTHING
""")
_READ_NOTICES = text(
    "UPDATE notice SET read_at = :now WHERE person_id = :person_id AND link = :link AND read_at IS NULL"
)
_FILE = text("""
    INSERT INTO news_file (id, news_id, number, name, family, mime, size, stored_id)
    SELECT :id, :news_id, coalesce(max(number), 0) + 1, :name, :family, :mime, :size, :stored_id
      FROM news_file WHERE news_id = :news_id
""")
_NO_FILE = text("UPDATE news_file SET removed_at = :now WHERE news_id = :news_id AND number = ANY(:numbers)")


def write(
    draft: Draft, files: Sequence[tuple[BinaryIO, str]], publish: bool, by: Viewer, origin: Origin, now: datetime
) -> int:
    """Keep a new piece of news as a draft, or publish it at once. Returns its id.

    Raises NothingWritten, HalfWritten, EndsBeforeItBegins, AlreadyOver, FileTooBig, FileNotAllowed.
    """
    draft = _checked(draft)
    kept = [(store(stream, name), name) for stream, name in files]
    with transaction() as tx:
        news_id = db.session.execute(_ADD, {"author_id": by.person_id, "now": now}).scalar_one()
        _keep_files(news_id, kept, now)
        _save(news_id, draft)
        journal.note(WRITTEN, by, now, origin, of=("news", news_id), after=_told(newsroom.one(news_id)))
        if publish:
            _publish(tx, news_id, by, origin, now)
    return int(news_id)


def edit(
    news_id: int, draft: Draft, files: Sequence[tuple[BinaryIO, str]], without: Sequence[int], again: bool,
    publish: bool, by: Viewer, origin: Origin, now: datetime,
) -> None:  # fmt: skip
    """Change it: what is shown changes at once. `without`: numbers of files to take away; `again`: everyone is to
    read it anew.

    Raises what `write` does, and NotVisible.
    """
    draft = _checked(draft)
    kept = [(store(stream, name), name) for stream, name in files]
    with transaction() as tx:
        before = _locked(news_id)
        _keep_files(news_id, kept, now)
        db.session.execute(_NO_FILE, {"news_id": news_id, "numbers": list(without), "now": now})
        _save(news_id, draft)
        again = again and before.published_at is not None
        db.session.execute(_EDITED, {"id": news_id, "again": again, "now": now})
        after = newsroom.one(news_id)
        of = ("news", news_id)
        journal.note(EDITED, by, now, origin, of=of, before=_told(before), after=_told(after), read_again=again)
        if publish:
            _publish(tx, news_id, by, origin, now)
        elif after.published_at is not None:
            if again:
                _read(after, by.person_id, now)
            _announce(tx, news_id, now)


def publish(news_id: int, by: Viewer, origin: Origin, now: datetime) -> None:
    """Show it from its time on, or at once; a withdrawn one comes back. Raises NotVisible, AlreadyOver."""
    with transaction() as tx:
        _locked(news_id)
        _publish(tx, news_id, by, origin, now)


def withdraw(news_id: int, by: Viewer, origin: Origin, now: datetime) -> None:
    """Nobody sees it any more but its authors. Raises NotVisible."""
    with transaction() as tx:
        _locked(news_id)
        people = [person_id for person_id, _locale in newsroom.there(news_id, now)]
        db.session.execute(_WITHDRAW, {"id": news_id, "now": now})
        journal.note(WITHDRAWN, by, now, origin, of=("news", news_id))
        tx.after(push.news_gone, news_id, tuple(people))


def confirm(news_id: int, by: Viewer, origin: Origin, now: datetime) -> None:
    """The reader says that he has read it. Raises NotVisible."""
    with transaction() as tx:
        shown = news.one(by.person_id, news_id, now)
        if shown.read_at is None:
            _read(shown, by.person_id, now)
            journal.note(CONFIRMED, by, now, origin, of=("news", news_id), version=shown.version)
        tx.after(push.bell_changed, by.person_id)


def announce(now: datetime) -> int:
    """Tell those who are there of whatever has begun. Returns how many pieces were."""
    begun = newsroom.to_announce(now)
    for news_id in begun:
        with transaction() as tx:
            _announce(tx, news_id, now)
    return len(begun)


def _publish(tx: Transaction, news_id: int, by: Viewer, origin: Origin, now: datetime) -> None:
    before = newsroom.one(news_id)
    if before.published_at is not None and before.withdrawn_at is None:
        return  # pressed twice
    if before.till_at is not None and before.till_at <= now:
        raise AlreadyOver
    db.session.execute(_PUBLISH, {"id": news_id, "now": now})
    after = newsroom.one(news_id)
    _read(after, by.person_id, now)
    journal.note(PUBLISHED, by, now, origin, of=("news", news_id), **_told(after))
    _announce(tx, news_id, now)


def _announce(tx: Transaction, news_id: int, now: datetime) -> None:
    """Once, and only when its time has come; the rest is found by the job."""
    if news_id in newsroom.to_announce(now):
        db.session.execute(_ANNOUNCED, {"id": news_id, "now": now})
        tx.after(push.news_came, news_id, now)


def _read(shown: News, person_id: int, now: datetime) -> None:
    values = {"id": shown.id, "person_id": person_id, "version": shown.version, "now": now}
    db.session.execute(_READ, values)
    db.session.execute(_READ_NOTICES, {"person_id": person_id, "link": f"/me/news/{shown.id}", "now": now})


def _locked(news_id: int) -> News:
    db.session.execute(_LOCK, {"id": news_id})
    return newsroom.one(news_id)


def _checked(draft: Draft) -> Draft:
    titles = {code: clean(said, LONGEST_TITLE).strip() for code, said in draft.titles.items()}
    texts = {code: clean(said, LONGEST).strip() for code, said in draft.texts.items()}
    for code in titles.keys() | texts.keys():
        if bool(titles.get(code)) != bool(texts.get(code)):
            raise HalfWritten(language=code)
    titles = {code: said for code, said in titles.items() if said}
    if not titles:
        raise NothingWritten
    if draft.from_at and draft.till_at and draft.till_at <= draft.from_at:
        raise EndsBeforeItBegins
    values = {**asdict(draft), "titles": titles, "texts": {code: texts[code] for code in titles}}
    # What stands over everyone's desk is there to be confirmed.
    return Draft(**{**values, "must_read": draft.must_read or draft.importance is Importance.URGENT})


def _save(news_id: int, draft: Draft) -> None:
    pictures = {one.number: one.url for one in news.files(news_id) if one.family == "image"}
    bodies = {code: to_html(said, pictures) for code, said in draft.texts.items()}
    values: dict[str, Any] = {
        **asdict(draft),
        "id": news_id,
        "titles": _json(draft.titles),
        "texts": _json(draft.texts),
        "bodies": _json(bodies),
        "folded": fold(" ".join([*draft.titles.values(), *draft.texts.values()])),
        "importance": draft.importance.value,
        "group_ids": sorted(draft.group_ids),
        "role_ids": sorted(draft.role_ids),
    }
    db.session.execute(_SAVE, values)


def _keep_files(news_id: int, kept: Sequence[tuple[Any, str]], now: datetime) -> None:
    for stored, name in kept:
        values = {"id": ids.uuid7(now), "news_id": news_id, "name": safe_name(name), "family": stored.kind.family}
        db.session.execute(_FILE, {**values, "mime": stored.kind.mime, "size": stored.size, "stored_id": stored.id})


def _told(shown: News) -> dict[str, Any]:
    """What the journal keeps of it."""
    names = ("titles", "texts", "importance", "must_read", "pinned", "group_ids", "role_ids", "from_at", "till_at")
    return {name: getattr(shown, name) for name in names}


def _json(value: Mapping[str, str]) -> str:
    return json.dumps(dict(value), ensure_ascii=False)
