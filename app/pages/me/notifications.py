"""Notifications and news: the one history page, what is marked as read, what is opened (clause 8.5)."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import notices as verbs
from app.base.clock import read_day
from app.models.notice import KINDS
from app.pages.guard import now, signed_in, viewer
from app.pages.me import me
from app.pages.respond import done
from app.queries import heard, notices

PAGE = 30
_EVER = date(2000, 1, 1), date(2100, 12, 31)


@me.get("/notifications")
@signed_in
def notifications() -> Response:
    wish = _wish(request.args)
    found = heard.history(viewer(), wish, now())
    page = max(1, min(request.args.get("page", 1, type=int), -(-len(found) // PAGE) or 1))
    first = (page - 1) * PAGE
    given = {name: value for name, value in request.args.items() if value and name != "page"}

    def turned(to: int) -> str:
        return url_for("me.notifications", **given, page=to)  # type: ignore[arg-type]

    drawn = render_template(
        "me/notifications.html",
        entries=found[first : first + PAGE],
        total=len(found),
        first=first + 1,
        before=turned(page - 1) if page > 1 else None,
        after=turned(page + 1) if first + PAGE < len(found) else None,
        wish=wish,
        chosen_read=request.args.get("read", ""),
        kinds=sorted(((code, kind.name) for code, kind in KINDS.items()), key=lambda pair: pair[1].casefold()),
        unread=heard.unread(viewer().person_id, now()),
    )
    return make_response(drawn)


@me.post("/notifications/<uuid:notice_id>/open")
@signed_in
def open_notification(notice_id: UUID) -> AnyResponse:
    """Mark it as read and go to what it speaks of."""
    found = notices.mine(viewer().person_id, notice_id)
    verbs.read([found.id], viewer(), now())
    return redirect(found.leads_to or url_for("me.notifications"), 303)


@me.post("/notifications/<uuid:notice_id>/read")
@signed_in
def read_notification(notice_id: UUID) -> AnyResponse:
    verbs.read([notice_id], viewer(), now())
    return done(_back())


@me.post("/notifications/read-missed")
@signed_in
def read_missed() -> AnyResponse:
    """The important ones that stood before work, as many as were shown."""
    verbs.read(request.form.getlist("notice", type=UUID), viewer(), now())
    return done(_back())


@me.post("/notifications/read-all")
@signed_in
def read_all_notifications() -> AnyResponse:
    verbs.read_all(viewer(), now())
    return done(_back(), _("Everything is marked as read but what must be confirmed."))


def _back() -> str:
    """The page it was pressed on; only ours."""
    there = request.form.get("next", "")
    return there if there.startswith("/") and not there.startswith(("//", "/\\")) else url_for("me.notifications")


def _wish(given: Mapping[str, str]) -> heard.Wish:
    kind = given.get("kind", "")
    return heard.Wish(
        kind=kind if kind in (heard.NEWS, heard.NOTICES) or kind in KINDS else "",
        read={"yes": True, "no": False}.get(given.get("read", "")),
        since=read_day(given.get("since", ""), *_EVER),
        until=read_day(given.get("until", ""), *_EVER),
        words=given.get("q", "").strip()[:80],
    )
