"""Kinds of fields of the bank's lists: how what was entered becomes a value, and a value what is shown in a form."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext as _

from app.base.locale import LOCALES
from app.base.masks import masked
from app.base.numbers import whole

Entered = str | list[str] | dict[str, str]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
COLOURS = ("green", "amber", "red", "blue", "violet", "grey")
LANGUAGES = tuple(LOCALES)


class Unfit(ValueError):
    """What was entered does not fit. `errors`: a sentence by the part of the field; "" is the field itself."""

    def __init__(self, errors: dict[str, str] | str) -> None:
        self.errors = {"": errors} if isinstance(errors, str) else errors
        super().__init__("; ".join(self.errors.values()))


@dataclass(frozen=True)
class Kind:
    """`parts`: the inputs of one field, where there are several; `shape` names its control in the templates."""

    shape = "line"
    parts: ClassVar[tuple[str, ...]] = ()

    def read(self, entered: Any) -> Any:
        """The value. Raises Unfit."""
        return entered.strip()

    def write(self, value: Any) -> Entered:
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Names(Kind):
    """A short name in each language; Russian must be given, the others fall back on it."""

    high: int = 80
    shape = "names"
    parts: ClassVar[tuple[str, ...]] = LANGUAGES

    def read(self, entered: Any) -> dict[str, str]:
        found = {code: self.tidy(entered.get(code, "")) for code in self.parts}
        errors = {code: _("At most %(n)s characters", n=self.high) for code in found if len(found[code]) > self.high}
        if not found["ru"]:
            errors["ru"] = _("Fill in Russian at least: the other languages fall back on it")
        if errors:
            raise Unfit(errors)
        return {code: text for code, text in found.items() if text}

    def tidy(self, text: str) -> str:
        return masked(" ".join(text.split()))

    def write(self, value: Any) -> dict[str, str]:
        return {code: (value or {}).get(code, "") for code in self.parts}


@dataclass(frozen=True)
class Texts(Names):
    """A text in each language, with variables such as {client.name}. What may be filled in depends on the row."""

    high: int = 1000
    shape = "texts"

    def tidy(self, text: str) -> str:
        return masked("\n".join(line.rstrip() for line in text.strip().splitlines()))


@dataclass(frozen=True)
class YesNo(Kind):
    shape = "tick"

    def read(self, entered: Any) -> bool:
        return bool(entered)

    def write(self, value: Any) -> str:
        return "1" if value else ""


@dataclass(frozen=True)
class Ticked(YesNo):
    """Yes, unless one says no: what a new entry begins with."""

    def write(self, value: Any) -> str:
        return super().write(True if value is None else value)


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number between bounds, or nothing."""

    low: int
    high: int
    shape = "number"

    def read(self, entered: Any) -> int | None:
        entered = entered.strip()
        if not entered:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", entered) or not self.low <= int(entered) <= self.high:
            raise Unfit(_("Write a whole number from %(low)s to %(high)s, or nothing", low=self.low, high=self.high))
        return int(entered)


@dataclass(frozen=True)
class Colour(Kind):
    """One of the colours that keep their meaning and contrast in every theme."""

    shape = "colour"

    def read(self, entered: Any) -> str:
        if entered not in COLOURS:
            raise Unfit(_("Choose one of the list"))
        return str(entered)


@dataclass(frozen=True)
class Week(Kind):
    """For each day the spans of work: `09:00–13:00, 14:00–18:00`; nothing means a day off."""

    shape = "week"
    parts: ClassVar[tuple[str, ...]] = DAYS

    def read(self, entered: Any) -> dict[str, list[list[str]]]:
        week, errors = {}, {}
        for day in DAYS:
            try:
                week[day] = _spans(entered.get(day, ""))
            except ValueError:
                errors[day] = _("Write like 09:00–18:00 or 09:00–13:00, 14:00–18:00; leave empty for a day off")
        if errors:
            raise Unfit(errors)
        return week

    def write(self, value: Any) -> dict[str, str]:
        return {day: ", ".join("–".join(span) for span in (value or {}).get(day, ())) for day in DAYS}


@dataclass(frozen=True)
class Holidays(Kind):
    """Days off, one a line: 01.01 each year, 20.03.2026 once. Kept as 01-01 and 2026-03-20."""

    shape = "lines"

    def read(self, entered: Any) -> list[str]:
        try:
            return sorted({_day(line) for line in re.split(r"[\s,;]+", entered) if line})
        except ValueError as error:
            raise Unfit(_("Write each day like 01.01 (every year) or 20.03.2026 (once)")) from error

    def write(self, value: Any) -> str:
        return "\n".join(".".join(reversed(day.split("-"))) for day in value or ())


@dataclass(frozen=True)
class Chosen(Kind):
    """Ids of other records: `many` of them, or one or none. Whether they may be chosen is the action's question."""

    many: bool = True

    @property
    def shape(self) -> str:  # type: ignore[override]
        return "people" if self.many else "parent"

    def read(self, entered: Any) -> Any:
        ids = [one for one in map(whole, entered if self.many else [entered]) if one is not None]
        return sorted(set(ids)) if self.many else next(iter(ids), None)

    def write(self, value: Any) -> Entered:
        return [str(one) for one in value or ()] if self.many else str(value or "")


def _spans(entered: str) -> list[list[str]]:
    """Spans in order and apart from each other. Raises ValueError."""
    spans, last = [], ""
    for part in filter(None, re.split(r"[,;]\s*", entered.strip())):
        begins, ends = (_hour(one) for one in re.split(r"\s*[-–—]\s*", part.strip()))
        if not last <= begins < ends:
            raise ValueError(part)
        spans.append([begins, ends])
        last = ends
    return spans


def _hour(entered: str) -> str:
    if not re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", entered):
        raise ValueError(entered)
    hour, minute = (int(one) for one in entered.split(":"))
    if not (0 <= hour <= 23 and 0 <= minute <= 59 or (hour, minute) == (24, 0)):
        raise ValueError(entered)
    return f"{hour:02}:{minute:02}"


def _day(entered: str) -> str:
    if not re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}(\.[0-9]{4})?\.?", entered):
        raise ValueError(entered)
    day, month, *year = (int(one) for one in entered.strip(".").split("."))
    # 29.02 is a day of some years, so a leap year judges what comes every year.
    found = date(year[0] if year else 2024, month, day)
    return found.isoformat() if year else f"{found:%m-%d}"
