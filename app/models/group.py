"""Groups of people who serve the same chats (clause 7.5)."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.db import Base
from app.models.kinds import Chosen
from app.models.listing import Field, Listed, declare
from app.models.person import Person


class GroupMember(Base):
    __tablename__ = "group_member"

    group_id: Mapped[int] = mapped_column(ForeignKey("staff_group.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)


class Group(Listed):
    __tablename__ = "staff_group"

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
    add=_l("Add a group"),
)
