"""Fields that not everybody may see whole: without the right a mask is shown, everywhere (clauses 7.4, 15.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address

from flask_babel import lazy_gettext as _l

from app.base import phones
from app.models.permission import Permission, declare


@dataclass(frozen=True)
class Field:
    permission: Permission
    mask: Callable[[str], str]
    whole: Callable[[str], str] = str


def _phone(value: str) -> str:
    """+998 90 •••-••-67"""
    return phones.masked(value) if len(value) > 8 else "•••"


def _document(value: str) -> str:
    """AB •••••67"""
    letters = "".join(char for char in value[:2] if char.isalpha())
    return f"{letters} •••••{value[-2:] if len(value) > 4 else ''}".strip()


def _account(value: str) -> str:
    """•••• 4471"""
    digits = "".join(char for char in value if char.isalnum())
    return f"•••• {digits[-4:] if len(digits) > 8 else ''}".strip()


def _email(value: str) -> str:
    """d•••@bank.uz"""
    name, at, house = value.rpartition("@")
    return f"{name[:1]}•••{at}{house}" if at else "•••"


def _address(value: str) -> str:
    """10.1.•.•: enough to tell the branch from the world, not the computer."""
    try:
        found = ip_address(value)
    except ValueError:
        return value if value == "local" else "•••"
    if isinstance(found, IPv4Address):
        return ".".join(value.split(".")[:2]) + ".•.•"
    return ":".join(found.exploded.split(":")[:2]) + ":•"


FIELDS = {
    "phone": Field(
        declare("fields.phone", _l("Phones"), _l("See phone numbers whole; otherwise a part is hidden"), scoped=True),
        _phone,
        phones.shown,
    ),
    "email": Field(
        declare("fields.email", _l("E-mail addresses"), _l("See e-mail addresses whole"), scoped=True), _email
    ),
    "document": Field(
        declare("fields.document", _l("Documents"), _l("See numbers of passports and PINFL whole"), scoped=True),
        _document,
    ),
    "account": Field(
        declare("fields.account", _l("Accounts and cards"), _l("See numbers of accounts and cards whole"), scoped=True),
        _account,
    ),
    "address": Field(
        declare("fields.address", _l("Network addresses"), _l("See from which address somebody works"), scoped=True),
        _address,
    ),
}
