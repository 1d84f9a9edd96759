"""The journal: who used a right, when, from where, on what (clauses 12.2, 12.17–12.22). Nobody changes it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ARRAY, BigInteger, Integer, LargeBinary, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.models.db import Base
from app.models.permission import declare as declare_permission

READ_JOURNAL = declare_permission("journal.read", _l("Read the journal"), _l("See who did what, when and from where"))
MANAGE_JOURNAL = declare_permission(
    "journal.manage", _l("Change the audit policy"), _l("Decide how closely looking is written down")
)


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


class JournalBlock(Base):
    """Rows sealed together. `prints` are their hashes, 32 bytes each in the order of `ids`; `hash` covers all of it.

    Every transaction below `horizon` had ended when the block was made, so no row can come in between later.
    """

    __tablename__ = "journal_block"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    sealed_at: Mapped[datetime]
    horizon: Mapped[int] = mapped_column(BigInteger)
    last_xid: Mapped[int] = mapped_column(BigInteger)
    last_id: Mapped[UUID] = mapped_column(Uuid)
    count: Mapped[int] = mapped_column(Integer)
    ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    prints: Mapped[bytes] = mapped_column(LargeBinary)
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Kind:
    """One kind of event. The room is the code's first word: `person.created` stands in room `person`."""

    code: str
    label: Any

    @property
    def room(self) -> str:
        return self.code.partition(".")[0]


KINDS: dict[str, Kind] = {}
# How an event ended; what the journal shows and the register explains.
OUTCOMES = {"done": _l("done"), "refused": _l("refused")}


def declare(code: str, label: Any) -> Kind:
    if code in KINDS:
        raise ValueError(f"journal kind {code} is declared twice")
    KINDS[code] = Kind(code, label)
    return KINDS[code]
