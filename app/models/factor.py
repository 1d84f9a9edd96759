"""The second factor: a secret shared with the person's phone, and codes for the day it is lost (clause 12.24)."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.db import Base


class Factor(Base):
    """In force once a first code has shown that the phone knows the secret. `last_step`: codes up to it are spent."""

    __tablename__ = "factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)  # sealed at ("factor.secret", person_id)
    begun_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Base):
    __tablename__ = "recovery_code"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    used_at: Mapped[datetime | None]


class FactorRole(Base):
    """A role whose people must have a second factor."""

    __tablename__ = "factor_role"

    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), primary_key=True)
