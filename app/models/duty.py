"""Being at work: the words of statuses, shifts, presence and seats (clauses 3.3, 8.2, 14.1–14.4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from app.models import setting
from app.models.permission import declare

CORRECT_SHIFTS = declare(
    "shifts.correct",
    _l("Correct shifts"),
    _l("Change when somebody else’s shift began and ended, with a reason"),
)
SEE_SEATS = declare("seats.see", _l("See seats"), _l("See the licence, who holds its seats and how many were needed"))
FREE_SEATS = declare("seats.free", _l("Free a seat"), _l("Take a licence seat from somebody who does not need it now"))

setting.section("duty", _l("Shifts and presence"))
SEAT_IDLE_MINUTES = setting.declare(
    "duty.seat_idle_minutes",
    "int",
    30,
    _l("Free a seat after inactivity"),
    _l("Who does nothing for this long is told a minute before; then the seat is freed and the chats go on to others."),
    low=2,
    high=480,
    unit=_l("min"),
)
GRACE_SECONDS = setting.declare(
    "duty.grace_seconds",
    "int",
    60,
    _l("Wait for a lost page"),
    _l("So long after the last sign of life a lost connection may come back before the chats go on to others."),
    low=10,
    high=1800,
    unit=_l("seconds"),
)
LOST_MINUTES = setting.declare(
    "duty.lost_minutes",
    "int",
    30,
    _l("End a shift after a lost connection"),
    _l("Who has not come back by then has ended the shift at the last sign of life."),
    low=1,
    high=480,
    unit=_l("min"),
)

# A page's word that it lives holds so long; the web process gives it again every RENEWED.
LEASE = timedelta(seconds=60)
RENEWED = timedelta(seconds=10)
# Without a word from the web process or the sweeper for so long, it is the system that was away.
BROKEN = timedelta(seconds=30)


@dataclass(frozen=True)
class Duty:
    """What a person does now: the open span of a status in the open shift. `seat`: the number of the seat held."""

    person_id: int
    shift_id: int
    status_id: int
    code: str | None
    names: dict[str, str]
    colour: str
    takes_new_chats: bool
    keeps_chats: bool
    takes_seat: bool
    since: datetime
    how: str
    seat: int | None

    @property
    def serves(self) -> bool:
        """May answer clients."""
        return self.takes_seat and self.seat is not None

    @property
    def lost(self) -> bool:
        return self.code == "lost"
