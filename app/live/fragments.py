"""Fragments: one root with an id, drawn without a request's people, so the page and the push show the same bytes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import current_app, has_request_context
from flask_babel import force_locale

from app.base.clock import business_day
from app.queries import thread
from app.queries.chat_list import Row
from app.queries.duty import Menu
from app.queries.news import News, NewsFile
from app.queries.notices import Notice
from app.queries.presence import Present

MESSAGES = "flow"  # the list of bubbles and events


def row(shown: Row, locale: str, now: datetime) -> str:
    return _drawn("desk/_row.html", locale, row=shown, now=now, current=None)


def item(shown: thread.Item, locale: str) -> str:
    """A bubble or an event."""
    return _drawn("desk/_item.html", locale, item=shown)


def duty_menu(work: Menu, locale: str) -> str:
    """One's own status and what else may be chosen."""
    return _drawn("frame/_duty.html", locale, work=work)


def duty_band(work: Menu, locale: str) -> str:
    """What stands above the desk while its person cannot answer."""
    return _drawn("frame/_duty_band.html", locale, work=work)


def day_line(at: datetime, locale: str) -> str:
    return _drawn("desk/_day.html", locale, day=day(at))


def presence(people: Iterable[Present], locale: str) -> str:
    return _drawn("desk/_presence.html", locale, people=list(people))


def news(shown: News, files: Iterable[NewsFile], locale: str) -> str:
    """The window over a desk."""
    return _drawn("frame/_news.html", locale, news=shown, files=list(files), tongue=locale)


def toast(notice: Notice, locale: str) -> str:
    """A notification as it passes by."""
    return _drawn("frame/_told.html", locale, notice=notice)


def day(at: datetime) -> dict[str, Any]:
    """What the line of a day needs."""
    return {"at": at, "id": f"{business_day(at):%Y%m%d}", "order": thread.day_order(at)}


def _drawn(template: str, locale: str, **values: Any) -> str:
    # Outside a request Flask-Babel keeps the language on the application itself, which a worker's threads share.
    if not has_request_context():
        with current_app.test_request_context():
            return _drawn(template, locale, **values)
    with force_locale(locale):
        return current_app.jinja_env.get_template(template).render(values).strip()
