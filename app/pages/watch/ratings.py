"""Ratings: what clients think, of whom, about what, where; and which marks are left out (clauses 9.6, 1.7)."""

from datetime import date, timedelta

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.actions import rating
from app.base.clock import business_day, read_day
from app.models.chat import MANAGE
from app.models.group import GROUPS
from app.models.topic import TOPICS
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.respond import done
from app.pages.watch import watch
from app.queries import channels, lists
from app.queries import rating_figures as figures
from app.queries.rating_figures import Wanted
from app.queries.visible import NotVisible

menu.entry(_l("Ratings"), "watch.ratings", MANAGE, 60, wing="watch")

_DAYS = 30
_EVER = date(2000, 1, 1), date(2200, 12, 31)
_FILTERS = ("since", "until", "operator", "group", "topic", "channel", "low", "spoken")


@watch.get("/ratings")
@needs(MANAGE)
def ratings() -> Response:
    wanted, given = _wanted(), {name: request.args[name] for name in _FILTERS if request.args.get(name)}
    before = request.args.get("before", type=int)
    low, spoken = bool(given.get("low")), bool(given.get("spoken"))
    found = figures.answers(viewer(), wanted, low=low, spoken=spoken, before=before)
    more = len(found) > figures.SHOWN
    page = render_template(
        "watch/ratings.html",
        wanted=wanted,
        low=low,
        spoken=spoken,
        scale=figures.scale(),
        whole=figures.whole(viewer(), wanted),
        marks=figures.marks(viewer(), wanted),
        tables=[(name, what, figures.by(viewer(), wanted, what)) for what, name in _titles()],
        answers=found[: figures.SHOWN],
        older=url_for("watch.ratings", **given, before=found[figures.SHOWN - 1].id) if more else None,  # type: ignore[arg-type]
        newest=url_for("watch.ratings", **given) if before else None,  # type: ignore[arg-type]
        operators=figures.operators(viewer()),
        groups=lists.rows(GROUPS),
        topics=lists.branches(lists.rows(TOPICS)),
        channels=channels.everyone(),
        here=request.full_path,
    )
    return make_response(page)


@watch.post("/ratings/<int:rating_id>/exclude")
@needs(MANAGE)
def exclude_rating(rating_id: int) -> AnyResponse:
    _check_reach(rating_id)
    rating.exclude(rating_id, request.form.get("why", ""), viewer(), origin(), now())
    return done(_back(), _("The mark is left out of the figures."))


@watch.post("/ratings/<int:rating_id>/include")
@needs(MANAGE)
def include_rating(rating_id: int) -> AnyResponse:
    _check_reach(rating_id)
    rating.include(rating_id, viewer(), origin(), now())
    return done(_back(), _("The mark counts again."))


def _check_reach(rating_id: int) -> None:
    if not figures.reached(viewer(), rating_id):
        raise NotVisible


def _back() -> str:
    """To the same filter; only a path of ours."""
    here = request.form.get("here", "")
    return here if here.startswith("/watch/ratings?") else url_for("watch.ratings")


def _wanted() -> Wanted:
    """By the form; without a period the last thirty days."""
    today = business_day(now())
    until = read_day(request.args.get("until", ""), *_EVER) or today
    since = read_day(request.args.get("since", ""), *_EVER) or until - timedelta(days=_DAYS - 1)
    ids = {name: request.args.get(name, type=int) for name in ("operator", "group", "topic", "channel")}
    return Wanted(min(since, until), until, **{name: one if (one or 0) < 1 << 62 else 0 for name, one in ids.items()})


def _titles() -> list[tuple[str, str]]:
    return [("operator", _("Operators")), ("group", _("Groups")), ("topic", _("Topics")), ("channel", _("Channels"))]
