"""Routing rules in their order, and what is done with a rule of either kind (clause 5.1)."""

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.actions import rules as changes
from app.models.listing import Listing
from app.models.rule import CHANGE_ROUTING, outcome_of
from app.models.rule_fields import RULES, SCORES
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.office.rule_words import Words
from app.pages.respond import done
from app.queries import lists as stored
from app.queries import rules

menu.entry(_l("Routing rules"), "office.rules_in_order", CHANGE_ROUTING, 44, wing="office")

LISTINGS = {"routing": RULES, "score": SCORES}


@office.get("/rules")
@needs(CHANGE_ROUTING)
def rules_in_order() -> Response:
    archived = bool(request.args.get("archived"))
    page = render_template(
        "office/rules.html",
        listing=RULES,
        rows=stored.rows(RULES, archived=archived),
        counts=stored.counts(RULES),
        archived=archived,
        words=Words(),
        outcome_of=outcome_of,
        usable=rules.in_use(),
    )
    return make_response(page)


@office.post("/rules/<key>/<int:row_id>/move")
@needs(CHANGE_ROUTING)
def move_rule(key: str, row_id: int) -> AnyResponse:
    changes.move(known(key), row_id, request.form.get("direction") == "up", viewer(), origin(), now())
    return done(home(key, row_id))


@office.post("/rules/<key>/<int:row_id>/archive")
@needs(CHANGE_ROUTING)
def archive_rule(key: str, row_id: int) -> AnyResponse:
    changes.archive(known(key), row_id, viewer(), origin(), now())
    return done(home(key), _("Out of use. You can bring it back at any time."))


@office.post("/rules/<key>/<int:row_id>/restore")
@needs(CHANGE_ROUTING)
def restore_rule(key: str, row_id: int) -> AnyResponse:
    changes.restore(known(key), row_id, viewer(), origin(), now())
    return done(home(key, row_id), _("In use again"))


def known(key: str) -> Listing:
    return LISTINGS[key] if key in LISTINGS else abort(404)


def home(key: str, row_id: int | None = None) -> str:
    """The list a rule stands in."""
    anchor = f"row-{row_id}" if row_id else None
    return url_for("office.rules_in_order" if key == "routing" else "office.score", _anchor=anchor)
