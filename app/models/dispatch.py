"""Words of giving chats to people: rights, and why somebody was chosen or passed over (clauses 5.1, 7.5, 7.7)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.models.permission import declare

STOP = declare(
    "operators.stop",
    _l("Stop an operator"),
    _l("End an operator’s work at once and hand his chats to others"),
)


# Of a thousand people those who came nearest are named, the others counted.
NAMED = 20


class How(StrEnum):
    """Why somebody was chosen: first whoever was wished for, then who knows the client, then by the group's method."""

    WISHED = "wished"
    LAST = "last"
    LEAST_BUSY = "least_busy"
    LONGEST_IDLE = "longest_idle"
    ROUND_ROBIN = "round_robin"


class Not(StrEnum):
    """Why somebody at work was passed over."""

    STATUS = "status"
    LANGUAGE = "language"
    SKILL = "skill"
    GROUP = "group"
    REFUSED = "refused"
    ASKED = "asked"
    FULL = "full"
    ABSENT = "absent"
    SCHEDULE = "schedule"  # outside the planned shift
    LATER = "later"  # could have been chosen, somebody else came first


class Told(StrEnum):
    """What a trace tells: one row for each decision about a waiting chat."""

    PLACED = "placed"
    GIVEN = "given"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WIDENED = "widened"
    ALARMED = "alarmed"
    REPAIRED = "repaired"


@dataclass(frozen=True)
class Way:
    """How a group's chats are given. `wider_ids` empty: everybody is asked next."""

    method: How = How.LEAST_BUSY
    last_operator_hours: int = 24
    wider_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Waiting:
    """A chat of the queue and what it asks for. `weight`: what it counts for, a plain chat is 1."""

    chat_id: int
    language: str | None
    skill_ids: frozenset[int]
    group_id: int | None
    level: int
    wished_id: int | None
    refused_ids: tuple[int, ...]
    queued_at: datetime
    weight: float
    last_person_id: int | None = None
    last_at: datetime | None = None
    traced_at: datetime | None = None


@dataclass
class Candidate:
    """Somebody at work. `load` grows while a batch is given out; `asked`: another chat is offered to him.

    `away`: by the plan he is not to be given anything now (setting `hrm.respected`).
    """

    person_id: int
    name: str
    takes_new: bool
    languages: frozenset[str]
    skills: frozenset[int]
    groups: frozenset[int]
    load: float
    capacity: int
    idle_since: datetime | None
    given_at: datetime | None
    asked: bool = False
    away: Not | None = None

    @property
    def free(self) -> bool:
        """May be given one more at this moment."""
        return self.takes_new and not self.asked and not self.away and self.load < self.capacity

    def fits(self, weight: float) -> bool:
        """One without any chat gets one however much it counts for, so that none is too heavy for everybody."""
        return self.load + weight <= self.capacity or self.load == 0


@dataclass(frozen=True)
class Passed:
    """How many of those without a free hand were passed over for one reason, and the first of them."""

    reason: Not
    count: int
    nearest: Sequence[int]


@dataclass(frozen=True)
class Choice:
    """Who gets a chat, by what, and why not the others."""

    person_id: int | None
    how: How | None = None
    passed: dict[int, Not] = field(default_factory=dict)
    foreign: bool = False
