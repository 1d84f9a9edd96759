"""The form of one rule. Conditions come and go by buttons of the form, so nothing here needs a script (clause 5.1)."""

from collections.abc import Mapping
from itertools import count, takewhile
from typing import Any

from flask import Response, abort, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import rules as changes
from app.actions.list_values import NotAccepted
from app.base.numbers import whole
from app.models.condition import KINDS
from app.models.group import GROUPS
from app.models.kinds import LANGUAGES
from app.models.listing import Listed, Listing
from app.models.rule import CHANGE_ROUTING
from app.models.rule_fields import RULES
from app.models.skill import SKILLS
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.office.rule_words import people_of
from app.pages.office.rules import home, known
from app.pages.respond import done
from app.queries import lists as stored
from app.queries import rule_choices

_WRITTEN = ("lines", "numbers", "minutes", "pair")


@office.get("/rules/<key>/add")
@needs(CHANGE_ROUTING)
def new_rule(key: str) -> Response:
    listing = known(key)
    return drawn(key, None, listing.entered(None))


@office.post("/rules/<key>/add")
@needs(CHANGE_ROUTING)
def add_rule(key: str) -> AnyResponse:
    listing, wish = known(key), entered(known(key))
    try:
        row_id = changes.add(listing, wish, viewer(), origin(), now())
    except NotAccepted as refused:
        return drawn(key, None, wish, refused.errors)
    return done(home(key, row_id), _("Added"))


@office.get("/rules/<key>/<int:row_id>")
@needs(CHANGE_ROUTING)
def rule(key: str, row_id: int) -> Response:
    listing = known(key)
    row = row_of(listing, row_id)
    return drawn(key, row, listing.entered(row))


@office.post("/rules/<key>/<int:row_id>")
@needs(CHANGE_ROUTING)
def change_rule(key: str, row_id: int) -> AnyResponse:
    listing, wish = known(key), entered(known(key))
    try:
        changes.change(listing, row_id, wish, viewer(), origin(), now())
    except NotAccepted as refused:
        return drawn(key, row_of(listing, row_id), wish, refused.errors)
    return done(home(key, row_id), _("Saved"))


@office.post("/rules/<key>/form")
@needs(CHANGE_ROUTING)
def redraw_rule(key: str) -> AnyResponse:
    """The form as it was filled in, with a condition more or less; nothing is saved."""
    listing, wish = known(key), entered(known(key))
    rows = wish["conditions"]
    dropped = whole(request.form.get("drop", ""))
    if dropped is not None and dropped < len(rows):
        del rows[dropped]
    elif "more" in request.form and request.form.get("kind") in KINDS:
        written = KINDS[request.form["kind"]].shape in _WRITTEN
        rows.append({"kind": request.form["kind"], "other": "", "value": "" if written else []})
    return drawn(key, of_request(listing), wish)


def entered(listing: Listing) -> dict[str, Any]:
    """What stands in the form, fit or not."""
    form = request.form
    wish: dict[str, Any] = {"names": {code: form.get(f"names.{code}", "") for code in LANGUAGES}}
    there = takewhile(lambda number: f"c{number}.kind" in form, count())
    wish["conditions"] = [_condition(f"c{number}") for number in there]
    if listing is RULES:
        told = {name: form.get(f"outcome.{name}", "") for name in ("group", "person", "priority", "assistant")}
        wish["outcome"] = {**told, "skills": form.getlist("outcome.skills")}
    else:
        wish["points"] = form.get("points", "")
    return wish


def of_request(listing: Listing) -> Listed | None:
    """The rule whose form was sent; None for a new one."""
    row_id = request.args.get("of", type=int)
    return row_of(listing, row_id) if row_id else None


def row_of(listing: Listing, row_id: int) -> Listed:
    return stored.one(listing, row_id) or abort(404)


def drawn(
    key: str, row: Listed | None, wish: Mapping[str, Any], errors: Mapping[str, str] | None = None, **more: Any
) -> Response:
    listing = known(key)
    kinds = listing.fields[0].kind.kinds()  # type: ignore[attr-defined]
    page = render_template(
        "office/rule_form.html",
        key=key,
        listing=listing,
        row=row,
        entered=wish,
        errors=errors or {},
        home=home(key, row.id if row else None),
        kinds=kinds,
        written=_WRITTEN,
        choices=rule_choices.choices,
        groups=lambda: stored.rows(GROUPS),
        skills=lambda: stored.rows(SKILLS),
        people=lambda: people_of(stored.people()),
        **more,
    )
    return make_response(page, 422 if errors else 200)


def _condition(name: str) -> dict[str, Any]:
    form = request.form
    kind = KINDS.get(form[f"{name}.kind"])
    written = kind is not None and kind.shape in _WRITTEN
    return {
        "kind": form[f"{name}.kind"],
        "other": form.get(f"{name}.other", ""),
        "name": form.get(f"{name}.name", ""),
        "value": form.get(f"{name}.value", "") if written else form.getlist(f"{name}.value"),
    }
