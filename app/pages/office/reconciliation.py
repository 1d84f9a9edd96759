"""Received = stored = shown, said = accepted: what each night counted, and whatever differs, by its ids."""

from flask import Response, make_response, render_template
from flask_babel import lazy_gettext as _l

from app.base.clock import business_day
from app.models.channel import MANAGE_INBOX
from app.models.reconciliation import Difference
from app.pages import menu
from app.pages.guard import needs, now
from app.pages.office import office
from app.queries import reconciled

WORDS = {
    Difference.VANISHED: _l("Updates that were counted before and are gone"),
    Difference.UNREADABLE: _l("Updates that cannot be opened any more"),
    Difference.UNTAKEN: _l("Updates that could not be taken"),
    Difference.STUCK: _l("Updates that have waited for more than an hour"),
    Difference.LOST: _l("Updates whose words stand in no chat"),
    Difference.DOUBLED: _l("Messages that stand twice"),
    Difference.STRAY: _l("Messages that no update brought"),
    Difference.HIDDEN: _l("Messages that their chat does not show"),
    Difference.UNQUEUED: _l("Answers that were never put on their way"),
    Difference.UNTRUE: _l("Answers shown in another state than their parts are in"),
    Difference.DELAYED: _l("Answers on their way for more than a day"),
}


menu.entry(_l("Reconciliation"), "office.reconciliation", MANAGE_INBOX, 31, wing="office")


@office.get("/reconciliation")
@needs(MANAGE_INBOX)
def reconciliation() -> Response:
    days = reconciled.days(business_day(now()))
    page = render_template(
        "office/reconciliation.html",
        days=days,
        differing=[one for one in days if not one.agrees],
        words={what.value: label for what, label in WORDS.items()},
        counted_at=reconciled.last(),
    )
    return make_response(page)
