"""Work statuses: what an operator is doing, and what that means for his chats (clause 8.2)."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import ARRAY, BigInteger, Boolean, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.kinds import Chosen, Colour, Whole, YesNo
from app.models.listing import Field, Listed, declare


class WorkStatus(Listed):
    """`code` marks the one the system itself sets (`lost`: the page is gone)."""

    __tablename__ = "work_status"

    code: Mapped[str | None] = mapped_column(Text, unique=True)
    colour: Mapped[str] = mapped_column(Text)
    counts_as_work: Mapped[bool] = mapped_column(Boolean)
    takes_new_chats: Mapped[bool] = mapped_column(Boolean)
    keeps_chats: Mapped[bool] = mapped_column(Boolean)
    takes_seat: Mapped[bool] = mapped_column(Boolean)
    recommended_minutes: Mapped[int | None] = mapped_column(Integer)
    daily_minutes: Mapped[int | None] = mapped_column(Integer)
    most_people: Mapped[int | None] = mapped_column(Integer)
    role_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)


@dataclass(frozen=True)
class Roles(Chosen):
    """Roles of the bank, by their ids."""

    shape = "roles"


STATUSES = declare(
    "statuses",
    10,
    WorkStatus,
    _l("Work statuses"),
    _l("What operators choose from while they work, in the order of their menu."),
    Field("colour", Colour(), _l("Colour")),
    Field(
        "counts_as_work",
        YesNo(),
        _l("Counts as work time"),
        _l("The shift report adds it to the time worked."),
        column=_l("Work time"),
        settled=True,
    ),
    Field(
        "takes_new_chats",
        YesNo(),
        _l("Takes new chats"),
        _l("New chats are given only to people in such a status."),
        column=_l("New chats"),
        settled=True,
    ),
    Field(
        "keeps_chats",
        YesNo(),
        _l("Keeps current chats"),
        _l("Otherwise open chats go back to the queue when it is chosen."),
        column=_l("Keeps chats"),
        settled=True,
    ),
    Field(
        "takes_seat",
        YesNo(),
        _l("Takes a licence seat"),
        _l("Leave it on for short breaks, or the seat may be gone on return."),
        column=_l("Seat"),
        settled=True,
    ),
    Field(
        "recommended_minutes",
        Whole(1, 720),
        _l("Recommended time"),
        _l("Longer than this is shown to the operator and the supervisor; empty means no limit."),
        unit=_l("min"),
        column=_l("Recommended"),
    ),
    Field(
        "daily_minutes",
        Whole(1, 1440),
        _l("At most a day"),
        _l("All times of a day together; more is shown to the operator and the supervisor. Empty means no limit."),
        unit=_l("min"),
    ),
    Field(
        "most_people",
        Whole(1, 10_000),
        _l("At most people at once"),
        _l("Who chooses it when it is full is asked to wait or to choose another. Empty means no limit."),
    ),
    Field(
        "role_ids",
        Roles(),
        _l("Who may choose it"),
        _l("Roles; with none ticked everybody who answers clients may."),
    ),
    add=_l("Add a status"),
)
