"""A signed-in session, and what comes before one. Only hashes of tokens are kept: a dump lets nobody in."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import Boolean, ForeignKey, LargeBinary, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.models import setting
from app.models.db import Base
from app.models.permission import declare as declare_permission

MANAGE_SESSIONS = declare_permission(
    "sessions.manage", _l("See and end sessions"), _l("See who is signed in, from where, and sign them out")
)

setting.section("sessions", _l("Sign-in and sessions"))
IDLE_MINUTES = setting.declare(
    "sessions.idle_minutes",
    "int",
    60,
    _l("Sign out after inactivity"),
    _l("Someone who does nothing for this long must sign in again."),
    low=5,
    high=480,
    unit=_l("min"),
)
STRICT_IDLE_MINUTES = setting.declare(
    "sessions.strict_idle_minutes",
    "int",
    15,
    _l("Sign administrators out after inactivity"),
    _l("The same for those who may change settings or manage people."),
    low=5,
    high=480,
    unit=_l("min"),
)
ABSOLUTE_HOURS = setting.declare(
    "sessions.absolute_hours",
    "int",
    12,
    _l("Longest session"),
    _l("After this time everyone signs in again, active or not."),
    low=1,
    high=24,
    unit=_l("h"),
)

# Who holds one of these is signed out sooner.
STRICT = ("settings.change", "people.manage")
# How long a half sign-in (the password was right) waits for its next step.
HALF_LASTS = timedelta(minutes=10)
# Requests that were on their way when the token changed still carry the former one.
OLD_TOKEN_LASTS = timedelta(seconds=30)
# A device that has not been used for so long is a stranger again.
DEVICE_LASTS = timedelta(days=400)


class Session(Base):
    """`rights_at`: when the person's rights last changed; the token is renewed with the next request."""

    __tablename__ = "session"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    device: Mapped[str] = mapped_column(Text)
    old_token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    old_until: Mapped[datetime | None]
    renewed_at: Mapped[datetime | None]
    rights_at: Mapped[datetime | None]


class HalfSignIn(Base):
    """The password was right; the second factor (`proved`) or a word about another session is still wanted."""

    __tablename__ = "half_sign_in"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    begun_at: Mapped[datetime]
    proved: Mapped[bool] = mapped_column(Boolean, default=False)


class KnownDevice(Base):
    """A browser this person has signed in with; several people may share one."""

    __tablename__ = "known_device"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


def new_token() -> str:
    """256 bits from the operating system."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
