"""The score of the queue: weights, the waiting curve, and what they would do to the queue (clauses 1.4, 5.1)."""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.actions import rules as changes
from app.actions.list_values import NotAccepted
from app.base.numbers import whole
from app.models.rule import CHANGE_ROUTING
from app.models.rule_fields import SCORES
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.office.curve_chart import chart
from app.pages.office.rule_words import Words
from app.pages.respond import done, wants_fragment
from app.queries import lists as stored
from app.queries import rules, score_preview

menu.entry(_l("Score of the queue"), "office.score", CHANGE_ROUTING, 45, wing="office")

_SPARE_KNOTS = 2


@office.get("/score")
@needs(CHANGE_ROUTING)
def score() -> Response:
    present = rules.load()
    weights = {one.id: str(one.points) for one in present.scores}
    return _page(weights, [(str(minutes), str(points)) for minutes, points in present.curve])


@office.post("/score")
@needs(CHANGE_ROUTING)
def save_score() -> AnyResponse:
    weights, knots = _weights(), _knots()
    try:
        changes.weigh(weights, knots, viewer(), origin(), now())
    except NotAccepted as refused:
        return _page(weights, knots, refused.errors)
    return done(url_for("office.score"), _("Saved"))


@office.post("/score/preview")
@needs(CHANGE_ROUTING)
def preview_score() -> AnyResponse:
    """The present queue by what stands in the form; nothing is saved."""
    weights, knots = _weights(), _knots()
    if not wants_fragment():
        return _page(weights, knots)
    return make_response(render_template("office/_score_preview.html", **_preview(weights, knots)))


def _page(
    weights: Mapping[int, str], knots: list[tuple[str, str]], errors: Mapping[str, str] | None = None
) -> Response:
    archived = bool(request.args.get("archived"))
    previewed = _preview(weights, knots)
    page = render_template(
        "office/score.html",
        listing=SCORES,
        rows=stored.rows(SCORES, archived=archived),
        counts=stored.counts(SCORES),
        archived=archived,
        words=Words(),
        weights=weights,
        knots=[*knots, *[("", "")] * (_SPARE_KNOTS if len(knots) < changes.MOST_KNOTS else 0)],
        **(previewed | {"errors": errors or previewed["errors"]}),
    )
    return make_response(page, 422 if errors else 200)


def _preview(weights: Mapping[int, str], knots: list[tuple[str, str]]) -> dict[str, Any]:
    """The queue as it would stand, or what of the form does not fit."""
    try:
        wanted, curve = changes.read_weights(weights, knots)
    except NotAccepted as refused:
        return {"errors": refused.errors, "moves": [], "chart": None, "most": score_preview.MOST}
    moves = score_preview.moves(score_preview.changed(wanted, curve), now())
    return {"errors": {}, "moves": moves, "chart": chart(curve), "most": score_preview.MOST}


def _weights() -> dict[int, str]:
    named = {key.removeprefix("points-"): value for key, value in request.form.items() if key.startswith("points-")}
    return {number: value for row_id, value in named.items() if (number := whole(row_id)) is not None}


def _knots() -> list[tuple[str, str]]:
    pairs = zip(request.form.getlist("minutes"), request.form.getlist("worth"), strict=False)
    return [(minutes, worth) for minutes, worth in pairs if minutes.strip() or worth.strip()]
