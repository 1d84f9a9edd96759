"""What a rule's form is made of: its conditions, its outcome, its points. What was entered is kept until it fits."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.base.numbers import whole, wholes
from app.models.condition import KINDS, ConditionKind
from app.models.kinds import Kind, Unfit
from app.models.listing import Field, Listing
from app.models.rule import RoutingRule, ScoreRule, read_words

MOST_POINTS = 1000
_MOST_CONDITIONS, _MOST_LINES, _LONGEST_LINE = 20, 100, 100
CODES = ("channel_kinds", "languages")  # chosen by a code; other records by their id


@dataclass(frozen=True)
class Conditions(Kind):
    """Entered as rows: `kind`, `other` ("1": does not hold), `value` (a list, or text), `name` (of an attribute)."""

    shape = "conditions"
    of_score: bool = False

    def read(self, entered: Any) -> list[dict[str, Any]]:
        found, errors = [], {}
        for number, row in enumerate(entered or ()):
            try:
                found.append(_condition(row, self.kinds()))
            except Unfit as unfit:
                errors[str(number)] = unfit.errors[""]
        if len(found) > _MOST_CONDITIONS:
            errors[""] = _("At most %(n)s conditions", n=_MOST_CONDITIONS)
        if errors:
            raise Unfit(errors)
        return found

    def write(self, value: Any) -> Any:
        return [_shown(one) for one in value or ()]

    def kinds(self) -> dict[str, ConditionKind]:
        return {code: kind for code, kind in KINDS.items() if kind.of_score or not self.of_score}


@dataclass(frozen=True)
class Goes(Kind):
    """Where a chat goes: entered as `group`, `person`, `skills`, `priority`, `assistant`."""

    shape = "outcome"

    def read(self, entered: Any) -> dict[str, Any]:
        entered = entered or {}
        try:
            priority = points(entered.get("priority") or "0")
        except Unfit as unfit:
            raise Unfit({"priority": unfit.errors[""]}) from unfit
        return {
            "group": _id(entered.get("group")),
            "person": _id(entered.get("person")),
            "skills": sorted(set(_ids(entered.get("skills")))),
            "priority": priority,
            "assistant": bool(entered.get("assistant")),
        }

    def write(self, value: Any) -> Any:
        value = value or {}
        return {
            "group": str(value.get("group") or ""),
            "person": str(value.get("person") or ""),
            "skills": [str(one) for one in value.get("skills") or ()],
            "priority": str(value.get("priority") or ""),
            "assistant": "1" if value.get("assistant") else "",
        }


@dataclass(frozen=True)
class Points(Kind):
    """A whole number with its sign; it must be there."""

    shape = "points"

    def read(self, entered: Any) -> int:
        return points(entered)


RULES = Listing(
    "rules",
    0,
    RoutingRule,
    _l("Routing rules"),
    _l("Where a new chat goes. They are asked from above; the first whose conditions all hold decides."),
    (
        Field("conditions", Conditions(), _l("Conditions"), _l("All of them must hold.")),
        Field("outcome", Goes(), _l("Then the chat goes")),
    ),
    add=_l("Add a rule"),
)
SCORES = Listing(
    "scores",
    0,
    ScoreRule,
    _l("Score of the queue"),
    _l("What brings a chat forward. Every rule whose conditions hold adds its points to those of waiting."),
    (
        Field("conditions", Conditions(of_score=True), _l("Conditions"), _l("All of them must hold.")),
        Field("points", Points(), _l("Points"), _l("A minus puts the chat back.")),
    ),
    add=_l("Add a rule of the score"),
)


def points(entered: str) -> int:
    """Raises Unfit."""
    entered = (entered or "").strip().replace("−", "-")
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", entered) or abs(int(entered)) > MOST_POINTS:
        raise Unfit(_("Write a whole number from %(low)s to %(high)s", low=-MOST_POINTS, high=MOST_POINTS))
    return int(entered)


def _condition(row: Mapping[str, Any], known: Mapping[str, ConditionKind]) -> dict[str, Any]:
    kind = known.get(row.get("kind", ""))
    if kind is None:
        raise Unfit(_("Nobody knows this condition any more. Remove it."))
    condition: dict[str, Any] = {"kind": kind.code}
    if kind.shape != "nothing":
        condition["value"] = _value(kind.shape, row)
    if row.get("other"):
        condition["other"] = True
    return condition


def _value(shape: str, row: Mapping[str, Any]) -> Any:
    match shape:
        case "lines":
            return _lines(row.get("value"))
        case "numbers":
            return _numbers(_text(row.get("value")))
        case "minutes":
            return _minutes(_text(row.get("value")))
        case "pair":
            return _pair(row)
    chosen = list(dict.fromkeys(row.get("value") or ()))
    found = chosen if shape in CODES else _ids(chosen)
    if not found:
        raise Unfit(_("Choose at least one"))
    return found


def _lines(value: Any) -> list[str]:
    lines = list(dict.fromkeys(" ".join(line.split()) for line in _text(value).splitlines() if line.strip()))
    if not lines:
        raise Unfit(_("Write at least one word"))
    if len(lines) > _MOST_LINES or max(map(len, lines)) > _LONGEST_LINE:
        raise Unfit(_("At most %(n)s lines of %(m)s characters", n=_MOST_LINES, m=_LONGEST_LINE))
    for line in lines:
        if not read_words(line):
            raise Unfit(_("“%(line)s” has no letters or digits to look for", line=line))
    return lines


def _numbers(text: str) -> list[int]:
    found = re.split(r"[\s,;]+", text.strip())
    if not all(re.fullmatch(r"[0-9]{1,15}", one) for one in found):
        raise Unfit(_("Write the numbers of chats, like 100042, with blanks between them"))
    return sorted({int(one) for one in found})


def _minutes(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text.strip()) or not 1 <= int(text) <= 1440:
        raise Unfit(_("Write a whole number from %(low)s to %(high)s", low=1, high=1440))
    return int(text)


def _pair(row: Mapping[str, Any]) -> dict[str, Any]:
    name = (row.get("name") or "").strip()
    if not name or len(name) > _LONGEST_LINE:
        raise Unfit(_("Write the name of the attribute"))
    return {"name": name, "values": _lines(row.get("value")) if _text(row.get("value")).strip() else []}


def _shown(condition: Mapping[str, Any]) -> dict[str, Any]:
    kind, value = KINDS.get(condition.get("kind", "")), condition.get("value")
    row: dict[str, Any] = {"kind": condition.get("kind", ""), "other": "1" if condition.get("other") else ""}
    match kind.shape if kind else "nothing":
        case "lines":
            row["value"] = "\n".join(value or ())
        case "numbers":
            row["value"] = " ".join(map(str, value or ()))
        case "minutes":
            row["value"] = str(value or "")
        case "pair":
            row |= {"name": (value or {}).get("name", ""), "value": "\n".join((value or {}).get("values") or ())}
        case _:
            row["value"] = [str(one) for one in value] if isinstance(value, Sequence) else []
    return row


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "\n".join(value or ())


def _id(entered: Any) -> int | None:
    return whole(entered) if entered else None


def _ids(entered: Any) -> list[int]:
    return wholes(entered or ())
