"""Remind those who have not read what must be read: by an author's button, and by itself (clause 8.5)."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import journal, notices
from app.actions.journal import Origin
from app.models.db import Transaction, db, transaction
from app.models.journal import declare as declare_kind
from app.models.news import MOST_REMINDERS, REMIND_HOURS
from app.models.notice import declare as declare_notice
from app.models.viewer import SYSTEM, AnyViewer, Viewer
from app.queries import newsroom, settings

REMINDED = declare_kind("news.reminded", _l("Reminded of unread news"))
UNREAD = declare_notice("news.unread", _l("Please read the news: %(title)s"), _l("Reminders of news"))

_LOCK = text("SELECT id FROM news WHERE id = :id FOR UPDATE")
_REMINDED = text("UPDATE news SET reminded_at = :now, reminders = reminders + 1 WHERE id = :id")


def remind(news_id: int, by: Viewer, origin: Origin, now: datetime) -> int:
    """Tell all who have not read it. Returns how many they are. Raises NotVisible."""
    with transaction() as tx:
        count = _remind(tx, news_id, by, now)
        journal.note(REMINDED, by, now, origin, of=("news", news_id), people=count)
    return count


def remind_due(now: datetime) -> int:
    """What is due by the settings. Returns how many people were told."""
    hours = settings.value(REMIND_HOURS)
    if not hours:
        return 0
    told = 0
    for news_id in newsroom.to_remind(now - timedelta(hours=hours), settings.value(MOST_REMINDERS), now):
        with transaction() as tx:
            told += _remind(tx, news_id, SYSTEM, now)
    return told


def _remind(tx: Transaction, news_id: int, by: AnyViewer, now: datetime) -> int:
    db.session.execute(_LOCK, {"id": news_id})
    shown = newsroom.one(news_id)
    late = [one for one in newsroom.readers(news_id) if one.read_at is None]
    for locale in {one.locale for one in late}:
        people = [one.id for one in late if one.locale == locale]
        link, title = f"/me/news/{news_id}", shown.title(locale)
        notices.tell(tx, people, UNREAD, now, link=link, important=True, by=by, title=title)
    db.session.execute(_REMINDED, {"id": news_id, "now": now})
    return len(late)
