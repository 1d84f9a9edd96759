"""Try rules on the chats of a past day, before they are saved or as they stand (clause 5.1)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.actions import journal
from app.actions import rules as changes
from app.actions.list_values import NotAccepted
from app.base.clock import business_day, read_day
from app.models.condition import conditions_of
from app.models.journal import declare as declare_kind
from app.models.listing import Listed
from app.models.rule import CHANGE_ROUTING, outcome_of
from app.models.rule_fields import RULES
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.office.rule_form import drawn, entered, of_request
from app.pages.office.rule_words import Words
from app.queries import rules, trial
from app.queries.rules import Rule
from app.queries.trial import Trial

TRIED = declare_kind("rules.tried", _l("Rules tried on a past day"))


@office.get("/rules/trial")
@needs(CHANGE_ROUTING)
def try_rules() -> Response:
    """The rules in use, beside how the day went."""
    day, found = _day(request.args), None
    if day is not None and "day" in request.args:
        journal.saw(TRIED, viewer(), now(), origin(), of=("day", day.isoformat()))
        found = trial.of_day(day, rules.current())
    told = {"trial": found, "day": day or _yesterday(), "wrong": day is None, **_told()}
    return make_response(render_template("office/rules_trial.html", **told))


@office.post("/rules/routing/try")
@needs(CHANGE_ROUTING)
def try_rule() -> AnyResponse:
    """The rules in use, and the same with the one in the form as it is filled in; nothing is saved."""
    wish, row, day = entered(RULES), of_request(RULES), _day(request.form)
    if day is None:
        return drawn("routing", row, wish, {"day": _("Choose a day before today")}, day=request.form.get("day", ""))
    journal.saw(TRIED, viewer(), now(), origin(), of=("day", day.isoformat()))
    try:
        found = _tried(row, wish, day)
    except NotAccepted as refused:
        return drawn("routing", row, wish, refused.errors, day=day)
    return drawn("routing", row, wish, trial=found, day=day, **_told())


def _tried(row: Listed | None, wish: Mapping[str, Any], day: date) -> Trial:
    """Raises NotAccepted."""
    values = changes.read(RULES, row, wish)
    tried = Rule(
        row.id if row else 0, values["names"], conditions_of(values["conditions"]), outcome_of(values["outcome"])
    )
    present = rules.current()
    return trial.of_day(day, rules.with_rule(present, tried), present)


def _day(told: Mapping[str, str]) -> date | None:
    """A past day; yesterday when none is told, None for what is no past day."""
    if not told.get("day"):
        return _yesterday()
    return read_day(told["day"], last=_yesterday())


def _yesterday() -> date:
    return business_day(now()) - timedelta(days=1)


def _told() -> dict[str, Any]:
    return {"words": Words(), "most": trial.MOST, "most_shown": trial.MOST_SHOWN}
