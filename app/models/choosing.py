"""Kinds of fields that choose: one of given words, working hours, other groups."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.models.kinds import Chosen, Kind, Unfit, Whole


@dataclass(frozen=True)
class OneOf(Kind):
    """One of a few codes, each with its word."""

    choices: tuple[tuple[str, Any], ...] = ()
    shape = "choice"

    def read(self, entered: Any) -> str:
        """Nothing is the first of them."""
        if entered and entered not in dict(self.choices):
            raise Unfit(_("Choose one of the list"))
        return str(entered or self.choices[0][0])

    def write(self, value: Any) -> str:
        return str(value or self.choices[0][0])


@dataclass(frozen=True)
class Number(Whole):
    """A whole number that is always there: nothing is the usual one."""

    usual: int = 0

    def read(self, entered: Any) -> int:
        found = super().read(entered)
        return self.usual if found is None else found

    def write(self, value: Any) -> str:
        return str(self.usual if value is None else value)


class OfHours(Chosen):
    """Working hours, or none: the first of their list."""

    shape = "hours"

    def __init__(self) -> None:
        super().__init__(many=False)


class Groups(Chosen):
    """Several groups."""

    shape = "groups"
