"""Change how chats are given out: rules, the score, the waiting curve. Journalled; in effect within seconds (5.1)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, insert, update

from app.actions import journal, lists
from app.actions.list_values import NotAccepted, accept
from app.base import wakeups
from app.base.later import later
from app.base.numbers import whole
from app.models.condition import KINDS
from app.models.db import Transaction, db, transaction
from app.models.journal import declare as declare_kind
from app.models.kinds import Unfit
from app.models.listing import Listed, Listing
from app.models.rule import Knot, RulesVersion, ScoreRule
from app.models.rule_fields import RULES, points
from app.models.viewer import AnyViewer
from app.queries import rule_choices, rules

SCORE_CHANGED = declare_kind("score.changed", _l("Score of the queue changed"))
MOST_KNOTS = 12
_MOST_MINUTES = 10_080


def add(listing: Listing, entered: Mapping[str, Any], by: AnyViewer, origin: journal.Origin, now: datetime) -> int:
    """A new rule at the end; its id. Raises NotAccepted with a sentence for each field that does not fit."""
    with transaction() as tx:
        _check_known(listing, entered)
        row = lists.add(listing, entered, by, origin, now)
        _changed(tx)
        return row.id


def change(
    listing: Listing, row_id: int, entered: Mapping[str, Any], by: AnyViewer, origin: journal.Origin, now: datetime
) -> None:
    """Raises NotAccepted, NotThere."""
    with transaction() as tx:
        _check_known(listing, entered)
        lists.change(listing, row_id, entered, by, origin, now)
        _changed(tx)


def read(listing: Listing, row: Listed | None, entered: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered, typed, for a trial. Raises NotAccepted; saves nothing."""
    _check_known(listing, entered)
    return accept(listing, row or listing.model(), entered)


def move(listing: Listing, row_id: int, up: bool, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """One place up or down: the first rule that holds decides."""
    with transaction() as tx:
        lists.move(listing, row_id, up, by, origin, now)
        _changed(tx)


def archive(listing: Listing, row_id: int, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Out of use; chats it has sent somewhere stay there."""
    with transaction() as tx:
        lists.archive(listing, row_id, by, origin, now)
        _changed(tx)


def restore(listing: Listing, row_id: int, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Back in use, for chats that come from now on."""
    with transaction() as tx:
        lists.restore(listing, row_id, by, origin, now)
        _changed(tx)


def weigh(
    weights: Mapping[int, str],
    knots: Sequence[tuple[str, str]],
    by: AnyViewer,
    origin: journal.Origin,
    now: datetime,
) -> None:
    """Save the points of score rules, by id, and the waiting curve. Raises NotAccepted."""
    wanted, curve = read_weights(weights, knots)
    with transaction() as tx:
        before = rules.load()
        was = {one.id: one.points for one in before.scores}
        changed = {row_id: number for row_id, number in wanted.items() if was.get(row_id, number) != number}
        if not changed and curve == tuple(before.curve):
            return
        for row_id, number in changed.items():
            db.session.execute(update(ScoreRule).where(ScoreRule.id == row_id).values(points=number))
        db.session.execute(delete(Knot))
        db.session.execute(insert(Knot), [{"minutes": minutes, "points": number} for minutes, number in curve])
        named = {one.id: one.names["ru"] for one in before.scores}
        journal.note(
            SCORE_CHANGED,
            by,
            now,
            origin,
            of=("score", ""),
            before={**{named[one]: was[one] for one in changed}, "curve": before.curve},
            after={**{named[one]: number for one, number in changed.items()}, "curve": curve},
        )
        _changed(tx)


def read_weights(
    weights: Mapping[int, str], knots: Sequence[tuple[str, str]]
) -> tuple[dict[int, int], tuple[tuple[int, int], ...]]:
    """Typed: points by rule, and the curve. Raises NotAccepted; `points-3`, `knot-0` name what does not fit."""
    wanted, errors = dict[int, int](), dict[str, str]()
    for row_id, entered in weights.items():
        try:
            wanted[row_id] = points(entered)
        except Unfit as unfit:
            errors[f"points-{row_id}"] = unfit.errors[""]
    curve = _curve(knots, errors)
    if errors:
        raise NotAccepted(errors)
    return wanted, curve


def _curve(knots: Sequence[tuple[str, str]], errors: dict[str, str]) -> tuple[tuple[int, int], ...]:
    found: dict[int, int] = {}
    for number, (minutes, worth) in enumerate(knots):
        if not minutes.strip() and not worth.strip():
            continue
        if (whole(minutes) or 0) > _MOST_MINUTES or whole(minutes) is None:
            errors[f"knot-{number}"] = _("Minutes are a whole number from 0 to %(high)s", high=_MOST_MINUTES)
        elif int(minutes) in found:
            errors[f"knot-{number}"] = _("These minutes stand here twice")
        else:
            try:
                found[int(minutes)] = points(worth)
            except Unfit as unfit:
                errors[f"knot-{number}"] = unfit.errors[""]
    if not errors and 0 not in found:
        errors["knot-0"] = _("The curve begins at 0 minutes")
    if len(found) > MOST_KNOTS:
        errors["knot-0"] = _("At most %(n)s points of the curve", n=MOST_KNOTS)
    return tuple(sorted(found.items()))


def _check_known(listing: Listing, entered: Mapping[str, Any]) -> None:
    """Whatever a rule names must be there to choose. What does not even fit its field is said by `lists`."""
    try:
        read = {field.name: field.kind.read(entered.get(field.name)) for field in listing.fields}
    except Unfit:
        return
    errors = {
        f"conditions.{number}": _("Choose one of the list")
        for number, condition in enumerate(read["conditions"])
        if not rule_choices.known(KINDS[condition["kind"]].shape, condition.get("value"))
    }
    if listing is RULES:
        errors |= _outcome_errors(read["outcome"])
    if errors:
        raise NotAccepted(errors)


def _outcome_errors(outcome: Mapping[str, Any]) -> dict[str, str]:
    usable = rules.in_use()
    wrong: Iterable[tuple[str, bool]] = (
        ("group", outcome["group"] in {None, *usable.groups}),
        ("person", outcome["person"] in {None, *usable.people}),
        ("skills", usable.skills.issuperset(outcome["skills"])),
    )
    return {f"outcome.{name}": _("Choose one of the list") for name, fits in wrong if not fits}


def _changed(tx: Transaction) -> None:
    db.session.execute(update(RulesVersion).values(number=RulesVersion.number + 1))
    tx.after(rules.forget)
    tx.after(later, wakeups.RESCORE)
