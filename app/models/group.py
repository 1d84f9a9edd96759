"""Groups of people who serve the same chats (clause 7.5)."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ARRAY, BigInteger, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.choosing import Groups, Number, OfHours, OneOf
from app.models.db import Base
from app.models.kinds import Chosen, Ticked, Whole
from app.models.listing import Field, Listed, declare
from app.models.person import Person

METHODS = (
    ("least_busy", _l("the least busy")),
    ("longest_idle", _l("who is free longest")),
    ("round_robin", _l("each in turn")),
)


class GroupMember(Base):
    __tablename__ = "group_member"

    group_id: Mapped[int] = mapped_column(ForeignKey("staff_group.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Group(Listed):
    """`wider_ids`: groups asked next when nobody takes a chat within `wider_after_s`; none of them is everybody."""

    __tablename__ = "staff_group"

    method: Mapped[str] = mapped_column(Text, default=METHODS[0][0])
    last_operator_hours: Mapped[int] = mapped_column(Integer, default=24)
    hours_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("business_hours.id"))
    wider_after_s: Mapped[int | None] = mapped_column(Integer)
    wider_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    most_waiting: Mapped[int | None] = mapped_column(Integer)
    topic_required: Mapped[bool] = mapped_column(default=True)
    people: Mapped[list[Person]] = relationship(secondary="group_member", lazy="selectin")

    @property
    def members(self) -> list[int]:
        return sorted(person.id for person in self.people)


GROUPS = declare(
    "groups",
    30,
    Group,
    _l("Groups"),
    _l("Who serves what: chats are given to groups, and people see the chats of their groups."),
    Field(
        "members",
        Chosen(),
        _l("People of the group"),
        _l("They see the group's chats from their next click on."),
        column=_l("People"),
    ),
    Field(
        "method",
        OneOf(METHODS),
        _l("A chat is given to"),
        _l("Among those who are free and have its language and skills."),
        column=_l("Given to"),
    ),
    Field(
        "last_operator_hours",
        Number(0, 720, usual=24),
        _l("Same operator again, for"),
        _l("Who served the client last gets him first, when free. 0 switches it off."),
        unit=_l("hours"),
    ),
    Field(
        "hours_id", OfHours(), _l("Working hours"), _l("Without their own: those of the channel."), column=_l("Hours")
    ),
    Field(
        "wider_after_s",
        Whole(5, 86_400),
        _l("Ask others after"),
        _l("When nobody of the group takes a chat. Language and skills stay required. Empty: the group waits alone."),
        unit=_l("seconds"),
    ),
    Field("wider_ids", Groups(), _l("Who is asked then"), _l("None ticked: everybody who may take chats.")),
    Field(
        "most_waiting",
        Whole(1, 100_000),
        _l("At most waiting"),
        _l("Whoever comes when so many wait is told so by the automatic reply. Empty: without limit."),
        unit=_l("chats"),
        column=_l("At most waiting"),
    ),
    Field(
        "topic_required",
        Ticked(),
        _l("A chat is finished with a topic"),
        _l("“Finish, topic later” is always there; such chats stand in “Without a topic”."),
        column=_l("Topic needed"),
    ),
    add=_l("Add a group"),
)
