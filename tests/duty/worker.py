"""An operator of the simulated week, and what his statuses and shifts ought to be by what he himself has done."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.models.duty import GRACE_SECONDS, LEASE, LOST_MINUTES, SEAT_IDLE_MINUTES
from app.models.viewer import Viewer
from tests.cast import Actor
from tests.duty.conftest import LOST
from tests.road.conftest import viewer_of

PATIENCE = LEASE + timedelta(seconds=GRACE_SECONDS.default)
IDLE = timedelta(minutes=SEAT_IDLE_MINUTES.default)


@dataclass
class Shift:
    began: datetime
    ended: datetime | None = None


@dataclass
class Worker:
    """`life`: when his page was last heard of, `acted`: when he last did something; `due`: when he goes on.

    `night` begins late in the evening and ends in the morning. `shifts` are those the records must show.
    """

    actor: Actor
    languages: tuple[str, ...]
    begins: int
    day_off: int
    viewer: Viewer = field(init=False)
    status: int | None = None
    since: datetime | None = None
    life: datetime | None = None
    acted: datetime | None = None
    due: datetime | None = None
    page: bool = True
    asleep: bool = False
    shifts: list[Shift] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.viewer = viewer_of(self.actor)

    @property
    def id(self) -> int:
        return self.actor.id

    @property
    def here(self) -> bool:
        """At work, before his page, and neither paused nor asleep."""
        return self.status not in (None, LOST) and self.page and not self.asleep

    def planned(self, now: datetime) -> bool:
        """Nine hours from `begins` o'clock of Tashkent, on five days of seven."""
        local = now + timedelta(hours=5)
        day = (local - timedelta(hours=self.begins)).date()
        return (local.hour - self.begins) % 24 < 9 and (day.toordinal() + self.day_off) % 7 < 5

    def entered(self, status: int, now: datetime) -> None:
        if self.status is None:
            self.shifts.append(Shift(now))
        if self.status != status:
            self.status, self.since = status, now

    def chose(self, status: int, now: datetime) -> None:
        self.entered(status, now)
        self.life = self.acted = now
        self.page, self.asleep, self.due = True, False, None

    def ended(self, at: datetime) -> None:
        self.shifts[-1].ended = self.since if self.status == LOST else at
        self.status = None

    def found(self, status: int | None, now: datetime) -> bool:
        """Whether the status he is found in can be: his own, or the two steps that follow when he is lost."""
        if status == self.status:
            return True
        assert self.life and self.acted and self.since
        if status == LOST and self.status is not None and (now - self.life > PATIENCE or now - self.acted >= IDLE):
            self.status, self.since = LOST, max(self.life if now - self.life > PATIENCE else self.acted, self.since)
            return True
        if status is None and self.status == LOST and now - self.since > timedelta(minutes=LOST_MINUTES.default):
            self.ended(now)
            return True
        return False
