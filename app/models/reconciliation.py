"""A day of a channel, counted: received = stored = shown, said = accepted; and whatever differs, by name."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.base.clock import day_bounds

# So many of each difference are named and kept, the count tells of the rest; a page shows the first of them.
NAMED = 1000


class Difference(StrEnum):
    """`VANISHED` has no ids: what counted them is gone. The others name updates or messages."""

    VANISHED = "vanished"  # fewer updates than were counted before
    UNREADABLE = "unreadable"  # an update that was taken and does not open any more
    UNTAKEN = "untaken"  # an update that could not be taken, however often it was tried
    STUCK = "stuck"  # accepted more than an hour ago, neither taken nor failed
    LOST = "lost"  # an update with words that became no message
    DOUBLED = "doubled"  # a message that stands twice
    STRAY = "stray"  # a message of a client that no update brought
    HIDDEN = "hidden"  # a message that the chat does not show
    UNQUEUED = "unqueued"  # said, but no part of it was ever put on its way
    UNTRUE = "untrue"  # shown in another state than its parts are in
    DELAYED = "delayed"  # said, changed or taken back more than a day ago, and still on its way


@dataclass
class Day:
    """One channel's day, of Asia/Tashkent. `words`: messages that the updates brought, each counted once."""

    day: date
    channel_id: int
    channel: str
    accepted: int = 0
    taken: int = 0
    unsupported: int = 0
    failed: int = 0
    waiting: int = 0
    words: int = 0
    stored: int = 0
    shown: int = 0
    said: int = 0
    sent: int = 0
    unsent: int = 0
    uncertain: int = 0
    queued: int = 0
    differences: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def starts(self) -> datetime:
        return day_bounds(self.day)[0]

    @property
    def agrees(self) -> bool:
        return not self.differences

    def differs(self, what: Difference, ids: list[UUID], count: int | None = None) -> None:
        """Note what differs; nothing is noted where nothing does."""
        number = len(ids) if count is None else count
        if number:
            self.differences[what.value] = {"count": number, "ids": [str(one) for one in ids[:NAMED]]}

    def told(self) -> dict[str, Any]:
        """As JSON tells it."""
        return {**asdict(self), "day": self.day.isoformat(), "agrees": self.agrees}
