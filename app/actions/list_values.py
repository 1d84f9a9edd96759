"""What was entered for an entry of a list, as typed values; and those values, put into the row."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.actions.list_rules import against_others
from app.models.db import db
from app.models.group import Group
from app.models.kinds import Entered, Unfit
from app.models.listing import Field, Listed, Listing
from app.models.person import Person
from app.models.work_status import WorkStatus


class NotAccepted(Exception):
    """`errors`: a sentence for each input, by its name in the form (`names.ru`, `colour`)."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def accept(listing: Listing, row: Listed, entered: Mapping[str, Entered]) -> dict[str, Any]:
    """Typed values of the fields. Raises NotAccepted."""
    values, errors = dict[str, Any](), dict[str, str]()
    for field in listing:
        if settled(field, row):
            continue
        try:
            values[field.name] = field.kind.read(entered.get(field.name, {} if field.kind.parts else ""))
        except Unfit as unfit:
            errors |= {f"{field.name}.{part}" if part else field.name: said for part, said in unfit.errors.items()}
    if not errors:
        errors = against_others(row, values)
    if errors:
        raise NotAccepted(errors)
    return values


def settled(field: Field, row: Listed) -> bool:
    """The system relies on this row, so this field stays as it is."""
    return field.settled and isinstance(row, WorkStatus) and row.code is not None


def stored(listing: Listing, row: Listed) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in listing}


def place(row: Listed, values: Mapping[str, Any]) -> None:
    """Put accepted values into the row; the people of a group are named by their ids."""
    for name, value in values.items():
        if isinstance(row, Group) and name == "members":
            row.people = list(db.session.scalars(select(Person).where(Person.id.in_(value))))
        else:
            setattr(row, name, value)
