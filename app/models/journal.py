"""The journal: who used a right, when, from where, on what (clauses 12.2, 12.17–12.22). Nobody changes it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, LargeBinary, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.models.db import Base
from app.models.permission import declare as declare_permission

READ_JOURNAL = declare_permission("journal.read", _l("Read the journal"), _l("See who did what, when and from where"))


class JournalRow(Base):
    """Months are partitions over the id. `details` is sealed JSON: before, after and whatever else was said."""

    __tablename__ = "journal"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    at: Mapped[datetime]
    xid: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    login: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    device: Mapped[str] = mapped_column(Text)
    object_kind: Mapped[str] = mapped_column(Text)
    object_id: Mapped[str] = mapped_column(Text)
    details: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Kind:
    code: str
    label: Any


KINDS: dict[str, Kind] = {}


def declare(code: str, label: Any) -> Kind:
    if code in KINDS:
        raise ValueError(f"journal kind {code} is declared twice")
    KINDS[code] = Kind(code, label)
    return KINDS[code]
