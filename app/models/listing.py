"""The bank's own lists, each declared once beside its table: the form, the validation and the page come from that."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.models.db import Base
from app.models.kinds import Entered, Kind, Names
from app.models.names import names_column
from app.models.permission import declare as declare_permission

CHANGE_LISTS = declare_permission(
    "lists.change", _l("Change the lists"), _l("Edit statuses, topics, groups, segments, hours and automatic replies")
)

_ARCHIVE, _RESTORE, _IN_USE, _ARCHIVED = _l("Archive"), _l("Restore"), _l("In use"), _l("Archived")


class Listed(Base):
    """A row of a list: named in each language, in its place, archived and never deleted."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    names: Mapped[dict[str, str]] = names_column()
    position: Mapped[int] = mapped_column(Integer)
    archived_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Field:
    """`column`: also shown in the table. `settled`: stays as it is on rows the system itself relies on."""

    name: str
    kind: Kind
    label: Any
    about: Any = ""
    unit: Any = ""
    column: Any = None
    settled: bool = False


@dataclass(frozen=True)
class Listing:
    """`add` is the button's word, None where the rows are given; `off`/`on` are the words for archive and restore."""

    key: str
    order: int
    model: type[Listed]
    title: Any
    about: Any
    fields: tuple[Field, ...]
    add: Any = None
    off: Any = _ARCHIVE
    on: Any = _RESTORE
    in_use: Any = _IN_USE
    aside: Any = _ARCHIVED
    tree: bool = False

    def __iter__(self) -> Iterator[Field]:
        yield NAMES
        yield from self.fields

    def entered(self, row: Listed | None) -> dict[str, Entered]:
        """What the form of a row holds, as if somebody had entered it; None: of a new one."""
        return {field.name: field.kind.write(getattr(row, field.name) if row else None) for field in self}


NAMES = Field(
    "names", Names(), _l("Title"), _l("Employees see it in their own language; an empty one falls back on the nearest.")
)
LISTS: dict[str, Listing] = {}


def declare(key: str, order: int, model: type[Listed], title: Any, about: Any, *fields: Field, **words: Any) -> Listing:
    """Declare once; `key` stands in the address and in the journal, `order` in the menu of lists."""
    if key in LISTS:
        raise ValueError(f"list {key} is declared twice")
    LISTS[key] = Listing(key, order, model, title, about, fields, **words)
    return LISTS[key]
