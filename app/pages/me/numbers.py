"""My numbers: today as it goes, and any period (clause 8.6)."""

from datetime import date, timedelta

from flask import Response, make_response, render_template, request
from flask_babel import lazy_gettext as _l

from app.base.clock import business_day, read_day
from app.models.desk import WORK
from app.pages import menu
from app.pages.guard import needs, now, viewer
from app.pages.me import me
from app.pages.respond import wants_fragment
from app.queries import numbers
from app.queries.numbers import Period

menu.entry(_l("My numbers"), "me.numbers", WORK, 40)

PERIODS = {
    "today": _l("Today"),
    "yesterday": _l("Yesterday"),
    "week": _l("Last 7 days"),
    "month": _l("This month"),
    "last_month": _l("Last month"),
    "other": _l("Other days"),
}
LONGEST = timedelta(days=366)


@me.get("/numbers", endpoint="numbers")
@needs(WORK)
def my_numbers() -> Response:
    """The page; alone its numbers, when the page of today asks for them again."""
    chosen, period = _period(_asked())
    shown = numbers.page(viewer().person_id, period, now())
    template = "me/_numbers.html" if wants_fragment() else "me/numbers.html"
    drawn = render_template(template, shown=shown, period=period, chosen=chosen, periods=PERIODS)
    return make_response(drawn)


def _asked() -> str:
    """The period's name. Whoever changed the days that stood there means those days."""
    days = f"{request.args.get('since', '')}/{request.args.get('until', '')}"
    stood = request.args.get("stood", days)
    return "other" if days != stood else request.args.get("period", "")


def _period(chosen: str) -> tuple[str, Period]:
    """The period by its name; days that make no sense are today."""
    today = business_day(now())
    match chosen:
        case "yesterday":
            return chosen, Period(today - timedelta(days=1), today - timedelta(days=1))
        case "week":
            return chosen, Period(today - timedelta(days=6), today)
        case "month":
            return chosen, Period(today.replace(day=1), today)
        case "last_month":
            last = today.replace(day=1) - timedelta(days=1)
            return chosen, Period(last.replace(day=1), last)
        case "other":
            told = (request.args.get(name, "") for name in ("since", "until"))
            first, last = (read_day(one, date(2000, 1, 1), today) or today for one in told)
            first, last = min(first, last), max(first, last)
            return chosen, Period(max(first, last - LONGEST), last)
        case _:
            return "today", Period(today, today)
