"""Seats and licence: the live meter, who holds them, refusals, peaks, and the vendor's file."""

from datetime import date

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.actions import duty
from app.actions import licence as verbs
from app.base.clock import business_day, read_day
from app.base.refusal import Refusal
from app.models.duty import FREE_SEATS, SEE_SEATS
from app.models.licence import INSTALL
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.respond import done, wants_fragment
from app.queries import licence
from app.queries import seats as known

menu.entry(_l("Seats and licence"), "office.seats", SEE_SEATS, 35, wing="office")

LONGEST_DAYS = 366
LARGEST_FILE = 20_000


@office.get("/seats")
@needs(SEE_SEATS)
def seats() -> Response:
    return _page()


@office.get("/seats/meter")
@needs(SEE_SEATS)
def seats_meter() -> Response:
    """The meter alone: the page asks for it every few seconds."""
    return make_response(render_template("office/_seats_meter.html", **_meter()))


@office.post("/seats/<int:person_id>/free")
@needs(FREE_SEATS)
def free_seat(person_id: int) -> AnyResponse:
    duty.free_seat(person_id, viewer(), origin(), now())
    return done(url_for("office.seats"), _("The seat is free."))


@office.post("/licence")
@needs(INSTALL)
def install_licence() -> AnyResponse:
    sent = request.files.get("file")
    file = sent.read(LARGEST_FILE).decode("utf-8", "replace") if sent else ""
    try:
        verbs.install(file or request.form.get("text", "")[:LARGEST_FILE], viewer(), origin(), now())
    except Refusal as refusal:
        return _page(problem=refusal.message, status=refusal.status)
    return done(url_for("office.seats"), _("The licence is installed and in force."))


def _page(problem: str = "", status: int = 200) -> Response:
    first, last = _period()
    values = {
        "first": first,
        "last": last,
        "peaks": known.peaks(first, last, now()),
        "refusals": known.refusals(viewer(), first, last),
        "problem": problem,
    }
    return make_response(render_template("office/seats.html", **values, **_meter()), status)


def _meter() -> dict[str, object]:
    return {"paid": licence.in_force(now()), "held": known.held(viewer()), "whole": not wants_fragment()}


def _period() -> tuple[date, date]:
    """Today, or what the address asks for, a year at most."""
    today = business_day(now())
    first = read_day(request.args.get("from", "")) or today
    last = read_day(request.args.get("to", "")) or today
    if last < first or (last - first).days > LONGEST_DAYS:
        return today, today
    return first, last
