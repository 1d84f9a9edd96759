"""A person who works here: operator, supervisor, administrator (clause 7.8). A user is one person."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, Boolean, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.db import Base
from app.models.permission import declare
from app.models.role import Role

MANAGE_PEOPLE = declare(
    "people.manage", _l("Manage people"), _l("Create, edit, block and delete the accounts of employees")
)


class Person(Base):
    __tablename__ = "person"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    login: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    public_name: Mapped[str] = mapped_column(Text)  # what clients see; never the login
    locale: Mapped[str] = mapped_column(Text, default="ru")
    theme: Mapped[str] = mapped_column(Text, default="auto")
    password_hash: Mapped[str] = mapped_column(Text)
    password_set_at: Mapped[datetime]
    must_change_password: Mapped[bool] = mapped_column(Boolean, default=True)
    demo: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime]
    blocked_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    roles: Mapped[list[Role]] = relationship(secondary="person_role", lazy="selectin")

    @property
    def may_sign_in(self) -> bool:
        return self.blocked_at is None and self.deleted_at is None


class PersonLanguage(Base):
    """A language the person can serve clients in; a hard skill in routing (clause 5.1)."""

    __tablename__ = "person_language"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
