"""Shifts: of a day or a period, the time in each status, what lasted too long; corrected by right, with a reason."""

from datetime import date, datetime

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.actions import shifts as verbs
from app.base.clock import TASHKENT, business_day
from app.base.fold import fold
from app.base.refusal import Refusal
from app.models.chat import MANAGE
from app.models.duty import CORRECT_SHIFTS
from app.models.hrm import ABSENCES
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.respond import done
from app.pages.watch import watch
from app.queries import plan_and_fact
from app.queries import shifts as known

menu.entry(_l("Shifts"), "watch.shifts", MANAGE, 30, wing="watch")

LONGEST_DAYS = 92
HOW = {
    "finished": _l("finished"),
    "signed out": _l("signed out"),
    "lost": _l("connection lost"),
    "stopped": _l("stopped"),
}


@watch.get("/shifts")
@needs(MANAGE)
def shifts() -> Response:
    first, last = _period()
    words = request.args.get("q", "").strip()[:60]
    found = known.of_period(viewer(), first, last, fold(words), now())
    statuses = {time.status_id: time for one in found for time in one.times}
    page = render_template(
        "watch/shifts.html", shifts=found, statuses=statuses, first=first, last=last, words=words, how=HOW,
        most=known.MOST, now=now(), absences=ABSENCES,
        plans=plan_and_fact.of_period(viewer(), first, last, fold(words), now()),
    )  # fmt: skip
    return make_response(page)


@watch.get("/shifts/<int:shift_id>")
@needs(MANAGE)
def shift(shift_id: int) -> Response:
    return _shift(shift_id)


@watch.post("/shifts/<int:shift_id>")
@needs(CORRECT_SHIFTS)
def correct_shift(shift_id: int) -> AnyResponse:
    _known(shift_id)
    began_at, ended_at = _moment("began"), _moment("ended")
    if began_at is None or ended_at is None:
        return _shift(shift_id, _("Write both times like 22.11.2026 09:00."))
    reason = request.form.get("reason", "")
    try:
        verbs.correct(shift_id, began_at, ended_at, reason, viewer(), origin(), now())
    except Refusal as refusal:
        return _shift(shift_id, refusal.message, refusal.status)
    return done(url_for("watch.shift", shift_id=shift_id), _("The shift is corrected."))


def _shift(shift_id: int, problem: str = "", status: int = 422) -> Response:
    values = {"shift": _known(shift_id), "corrections": known.corrections(shift_id), "how": HOW, "now": now()}
    page = render_template("watch/shift.html", problem=problem, local=_local, **values)
    return make_response(page, status if problem else 200)


def _known(shift_id: int) -> known.Shift:
    found = known.one(viewer(), shift_id, now())
    if found is None:
        abort(404)
    return found


def _local(at: datetime) -> str:
    """As a browser's field of date and time wants it."""
    return f"{at.astimezone(TASHKENT):%Y-%m-%dT%H:%M}"


def _moment(name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(request.form.get(name, "")).replace(tzinfo=TASHKENT)
    except ValueError:
        return None


def _period() -> tuple[date, date]:
    """Today, or what the address asks for, three months at most."""
    today = business_day(now())
    try:
        first = date.fromisoformat(request.args.get("from", f"{today}"))
        last = date.fromisoformat(request.args.get("to", f"{today}"))
    except ValueError:
        return today, today
    return (first, last) if 0 <= (last - first).days <= LONGEST_DAYS else (today, today)
