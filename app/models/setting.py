"""Settings of administrators: declared beside their use, edited by generated forms (house law 8, clause 7.1)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.db import Base
from app.models.permission import declare as declare_permission

CHANGE_SETTINGS = declare_permission(
    "settings.change", _l("Change settings"), _l("Edit the settings of the whole system")
)


class SettingRow(Base):
    """A value that differs from its default."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(BigInteger)


class SettingVersion(Base):
    """One row; its number grows with every change, so that processes notice within two seconds."""

    __tablename__ = "setting_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, default=0)


class Picture(Base):
    """What a setting of kind `picture` names by its digest."""

    __tablename__ = "picture"

    digest: Mapped[str] = mapped_column(Text, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]


class Unacceptable(ValueError):
    """The value does not fit; the message says what would, in the reader's language."""


@dataclass(frozen=True)
class Setting:
    """One declared setting. `kind` is bool, int, str, `text` (many lines), `colour`, `choice` or `picture`."""

    key: str
    kind: str
    default: Any
    label: Any
    about: Any
    section: str
    low: int | None = None
    high: int | None = None
    unit: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()
    above: str | None = None  # key of another setting that this one must exceed


@dataclass(frozen=True)
class Section:
    key: str
    label: Any


SETTINGS: dict[str, Setting] = {}
SECTIONS: dict[str, Section] = {}


def section(key: str, label: Any) -> Section:
    return SECTIONS.setdefault(key, Section(key, label))


def declare(key: str, kind: str, default: Any, label: Any, about: Any = "", **bounds: Any) -> Setting:
    """Declare once; the section is the key's first word."""
    if key in SETTINGS:
        raise ValueError(f"setting {key} is declared twice")
    SETTINGS[key] = Setting(key, kind, default, label, about, key.partition(".")[0], **bounds)
    return SETTINGS[key]
