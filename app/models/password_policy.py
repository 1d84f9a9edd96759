"""What a password must be, by settings (clauses 12.8–12.12), said in words a person can act upon."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import BigInteger, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.base.weak_words import weak_part
from app.models import setting
from app.models.db import Base

LONGEST = 128

setting.section("passwords", _l("Passwords"))
MIN_LENGTH = setting.declare(
    "passwords.min_length", "int", 12, _l("Shortest password"), low=8, high=64, unit=_l("characters")
)
STRICT_MIN_LENGTH = setting.declare(
    "passwords.strict_min_length",
    "int",
    14,
    _l("Shortest password of administrators"),
    _l("For those who may change settings or manage people."),
    low=8,
    high=64,
    unit=_l("characters"),
)
UPPER = setting.declare("passwords.upper", "bool", True, _l("A password has capital letters"))
LOWER = setting.declare("passwords.lower", "bool", True, _l("A password has small letters"))
DIGIT = setting.declare("passwords.digit", "bool", True, _l("A password has digits"))
SYMBOL = setting.declare("passwords.symbol", "bool", True, _l("A password has signs (-, !, # and the like)"))
HISTORY = setting.declare(
    "passwords.history",
    "int",
    5,
    _l("Former passwords that may not come back"),
    _l("0: any may."),
    low=0,
    high=24,
)
AGE_DAYS = setting.declare(
    "passwords.age_days",
    "int",
    90,
    _l("A password must be changed after"),
    _l("0: never."),
    low=0,
    high=730,
    unit=_l("d"),
)
FIRST_DAYS = setting.declare(
    "passwords.first_days",
    "int",
    14,
    _l("A password given by an administrator works for"),
    _l("Whoever has not signed in by then needs a new one. 0: without limit."),
    low=0,
    high=90,
    unit=_l("d"),
)
WORDS = setting.declare(
    "passwords.words",
    "text",
    "",
    _l("Words no password may hold"),
    _l("The bank's name, products, address: one a line. Common passwords in Russian, Uzbek and English are known."),
    high=5000,
)


class FormerPassword(Base):
    __tablename__ = "former_password"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    password_hash: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]


@dataclass(frozen=True)
class Policy:
    """The rules in force for one person. `own`: words that others connect with the person or the bank."""

    min_length: int
    upper: bool
    lower: bool
    digit: bool
    symbol: bool
    own: tuple[str, ...] = ()

    def faults(self, password: str) -> list[str]:
        """What is missing, a sentence each, in the reader's language; none when the password is fine."""
        return list(self._faults(password))

    def asked(self) -> list[str]:
        """What is asked for, before anything is written."""
        return list(self._faults(""))

    def _faults(self, password: str) -> Iterator[str]:
        if len(password) < self.min_length:
            yield ngettext("At least %(num)s character", "At least %(num)s characters", self.min_length)
        if len(password) > LONGEST:
            yield ngettext("At most %(num)s character", "At most %(num)s characters", LONGEST)
        if self.upper and not any(char.isupper() for char in password):
            yield _("A capital letter")
        if self.lower and not any(char.islower() for char in password):
            yield _("A small letter")
        if self.digit and not any(char.isdigit() for char in password):
            yield _("A digit")
        if self.symbol and all(char.isalnum() or char.isspace() for char in password):
            yield _("A sign, like - ! or #")
        if weak := weak_part(password, self.own):
            yield _("Without the word “%(word)s”, which is easily guessed", word=weak)


def words_of(login: str, name: str, bank: str) -> tuple[str, ...]:
    """The words to avoid, of a login, a name and the administrators' list."""
    return tuple(word for word in re.split(r"[\s._,-]+", f"{login} {name} {bank}") if word)
