"""The whole history of topics, with filter and sort (clause 9.5)."""

from datetime import date, datetime, timedelta

from flask import Response, make_response, render_template, request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.base.clock import business_day, day_bounds, read_day
from app.models.chat import MANAGE
from app.models.topic import TOPICS
from app.pages import menu
from app.pages.guard import needs, now, viewer
from app.pages.watch import watch
from app.queries import lists, open_chats
from app.queries import topic_history as stored

menu.entry(_l("History of topics"), "watch.topic_history", MANAGE, 50, wing="watch")

_DAYS = timedelta(days=30)
_EVER = date(1971, 1, 1), date(8999, 12, 31)


@watch.get("/topics")
@needs(MANAGE)
def topic_history() -> Response:
    since, until = _day("since", business_day(now() - _DAYS)), _day("until", business_day(now()))
    wish = _wish(day_bounds(since)[0], day_bounds(until)[1])
    page = render_template(
        "watch/topic_history.html",
        found=stored.history(viewer(), wish, str(get_locale())),
        wish=wish,
        since=since,
        until=until,
        people=open_chats.people(),
        topics=lists.branches(lists.rows(TOPICS)),
        asked={name: told for name, told in request.args.items() if told and name not in ("page", "sort")},
    )
    return make_response(page)


def _wish(since: datetime, until: datetime) -> stored.Wish:
    asked = request.args
    sort, outcome = asked.get("sort", "new"), asked.get("outcome", "")
    return stored.Wish(
        since,
        until,
        asked.get("topic", type=int),
        asked.get("operator", type=int),
        outcome if outcome in stored.OUTCOMES else "",
        sort if sort in stored.SORTS else "new",
        "today" in asked,
        min(max(1, asked.get("page", 1, type=int)), 10_000),
    )


def _day(name: str, usual: date) -> date:
    """A day of Tashkent's calendar; the usual one for what is none, or is too far for a clock."""
    return read_day(request.args.get(name, ""), *_EVER) or usual
