"""A person who works here: operator, supervisor, administrator (clause 7.8). A user is one person."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, Boolean, ForeignKey, Integer, LargeBinary, Text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.base.crypt import Sealed
from app.base.fold import fold
from app.models import setting
from app.models.db import Base
from app.models.permission import declare
from app.models.role import Role

SEE_PEOPLE = declare("people.see", _l("See people"), _l("Open the list of employees and what their accounts may do"))
MANAGE_PEOPLE = declare(
    "people.manage", _l("Manage people"), _l("Create, edit, block and delete the accounts of employees")
)

setting.section("people", _l("People"))
MASS_BLOCK = setting.declare(
    "people.mass_block",
    "int",
    5,
    _l("Many people blocked: told from"),
    _l("So many within ten minutes, and whoever manages people is told. 0: never."),
    low=0,
    high=1000,
)


def found_by(name: str, public_name: str, login: str) -> str:
    """The skeleton a person is searched by, in whatever script somebody types."""
    return fold(f"{name} {public_name} {login}")


def _found_by(context: DefaultExecutionContext) -> str:
    given = context.get_current_parameters()
    return found_by(given["name"], given["public_name"], given["login"])


class Person(Base):
    """`capacity`: chats at once, None = the setting. A technical account is a program's, with its `purpose`."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    login: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    public_name: Mapped[str] = mapped_column(Text)  # what clients see; never the login
    locale: Mapped[str] = mapped_column(Text, default="ru")
    theme: Mapped[str] = mapped_column(Text, default="auto")
    sounds: Mapped[bool] = mapped_column(Boolean, default=True)
    undo: Mapped[bool] = mapped_column(Boolean, default=False)  # what one sends waits a few seconds
    ctrl_sends: Mapped[bool] = mapped_column(Boolean, default=False)  # Ctrl+Enter, and Enter breaks the line
    password_hash: Mapped[str] = mapped_column(Text)
    password_set_at: Mapped[datetime]
    must_change_password: Mapped[bool] = mapped_column(Boolean, default=True)
    demo: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime]
    blocked_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    phone_sealed: Mapped[bytes | None] = mapped_column("phone", LargeBinary)
    email_sealed: Mapped[bytes | None] = mapped_column("email", LargeBinary)
    capacity: Mapped[int | None] = mapped_column(Integer)
    technical: Mapped[bool] = mapped_column(Boolean, default=False)
    purpose: Mapped[str] = mapped_column(Text, default="")
    folded: Mapped[str] = mapped_column(Text, default=_found_by)
    roles: Mapped[list[Role]] = relationship(secondary="person_role", lazy="selectin")

    phone = Sealed("person.phone")
    email = Sealed("person.email")


class PersonLanguage(Base):
    """A language the person can serve clients in; a hard skill in routing (clause 5.1)."""

    __tablename__ = "person_language"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
