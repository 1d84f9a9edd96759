"""Plans of people's time: when somebody is to work, and when he is away (the bank's HRM; clauses 7.5, 6.1)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.models import setting
from app.models.permission import declare

MANAGE_HRM = declare(
    "hrm.manage",
    _l("Manage schedules"),
    _l("Connect the personnel system, import schedules and absences"),
)

setting.section("hrm", _l("Schedules and absences"))
RESPECTED = setting.declare(
    "hrm.respected",
    "bool",
    False,
    _l("Give chats by the schedule"),
    _l(
        "Who is absent or outside the schedule is given nothing by the system, and may still take chats himself. "
        "The first import switches it on."
    ),
)

# The service is asked for the plan of so many days: yesterday, for what was corrected, and two weeks ahead.
DAYS_BACK, DAYS_AHEAD = 1, 14
# Whoever has a shift planned within so many days of a moment has a schedule; nobody else is outside of one.
KNOWN_DAYS = 7


class Source(StrEnum):
    SERVICE = "service"
    FILE = "file"


class Wrong(StrEnum):
    """What is wrong with a row. Codes: they are kept, and told in the reader's language."""

    LOGIN = "login"
    DAY = "day"
    TIME = "time"
    KIND = "kind"
    ORDER = "order"
    LONG = "long"
    OVERLAP = "overlap"
    FORMULA = "formula"
    SHAPE = "shape"


WRONG = {
    Wrong.LOGIN: _l("nobody has this login"),
    Wrong.DAY: _l("not a day; write it like 2026-11-23 or 23.11.2026"),
    Wrong.TIME: _l("not a time; write it like 09:00"),
    Wrong.KIND: _l("no known kind of absence"),
    Wrong.ORDER: _l("ends before it begins"),
    Wrong.LONG: _l("longer than may be: a shift 16 hours, an absence 400 days"),
    Wrong.OVERLAP: _l("overlaps another row of the same person"),
    Wrong.FORMULA: _l("a formula: write the value itself"),
    Wrong.SHAPE: _l("not a row of the contract"),
}

ABSENCES = {
    "vacation": _l("vacation"),
    "sick": _l("sick leave"),
    "training": _l("training"),
    "trip": _l("business trip"),
    "day_off": _l("day off"),
    "other": _l("absent"),
}


@dataclass(frozen=True)
class Shift:
    """A planned shift of a person; it may end on the next day."""

    person_id: int
    day: date
    from_at: datetime
    till_at: datetime


@dataclass(frozen=True)
class Absence:
    person_id: int
    from_at: datetime
    till_at: datetime
    kind: str


@dataclass(frozen=True)
class Row:
    """One row as it came: `number` as its reader counts, what became of it or what is wrong with `said`."""

    number: int
    login: str
    plan: Shift | Absence | None = None
    wrong: Wrong | None = None
    said: str = ""


@dataclass(frozen=True)
class State:
    """How the service stands. `trouble`: why the last try brought nothing; `wrong`: the rows it left out."""

    address: str
    has_token: bool
    every_hours: int
    tried_at: datetime | None
    read_at: datetime | None
    trouble: str
    taken: int
    wrong: list[tuple[int, str, Wrong, str]]
