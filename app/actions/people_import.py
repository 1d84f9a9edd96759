"""Import people from a table: read, judged row by row, then made together with first passwords (clause 7.8)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.actions import imported, journal
from app.actions.people import CREATED, fresh
from app.actions.people_parts import EmailUnfit, PhoneUnfit, email_of, phone_of, place, told
from app.actions.rights import upheld
from app.base.locale import LOCALES
from app.base.passwords import fresh_password, hash_fresh
from app.base.refusal import Refusal
from app.models.account import LOGIN, MOST_CHATS, PRIVILEGED, Account
from app.models.db import db, transaction
from app.models.duties import conflict
from app.models.group import Group
from app.models.journal import declare as declare_kind
from app.models.role import Role
from app.models.viewer import Viewer
from app.queries import people as known
from app.queries import roles

IMPORTED = declare_kind("person.imported", _l("People imported"))

MOST = 5000
COLUMNS = ("login", "name", "public_name", "roles", "groups", "languages", "phone", "email", "capacity", "locale")
# The first row names the columns, in any language a bank would write it in.
_CALLED = {
    "login": "login", "логин": "login", "имя": "public_name", "name": "name", "фио": "name", "f.i.sh": "name",
    "fish": "name", "ф.и.ш": "name", "public_name": "public_name", "имя для клиентов": "public_name",
    "roles": "roles", "роли": "roles", "роль": "roles", "rollar": "roles", "роллар": "roles", "groups": "groups",
    "группы": "groups", "группа": "groups", "guruhlar": "groups", "гуруҳлар": "groups", "languages": "languages",
    "языки": "languages", "tillar": "languages", "тиллар": "languages", "phone": "phone", "телефон": "phone",
    "telefon": "phone", "email": "email", "e-mail": "email", "почта": "email", "pochta": "email",
    "capacity": "capacity", "чатов": "capacity", "chatlar": "capacity", "чатлар": "capacity", "locale": "locale",
    "язык": "locale", "til": "locale", "тил": "locale",
}  # fmt: skip


class NoColumns(Refusal):
    notice = _l("The first row must name the columns; at least “login” and “name” are needed.")
    status = 422


@dataclass
class Row:
    """One line of the table: what was read, and what is wrong with it."""

    number: int
    login: str
    account: Account
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Preview:
    """`sealed`: the good rows, sealed for who looks at them: what is imported is what was shown."""

    rows: list[Row]
    good: int
    sealed: str


@dataclass(frozen=True)
class Made:
    login: str
    name: str
    password: str


def preview(content: bytes, viewer: Viewer) -> Preview:
    """Judge a file; nothing is saved. Raises NoTable, NoColumns."""
    rows = read(content)
    good = [row for row in rows if not row.errors]
    said = [{"login": row.login, **asdict(row.account)} for row in good]
    return Preview(rows, len(good), imported.sealed(said, "people.import", viewer))


def read(content: bytes) -> list[Row]:
    """The rows of a file with what is wrong in each. Raises NoTable, NoColumns."""
    lines = imported.rows(content, MOST, _CALLED, {"login", "name"}, NoColumns)
    names = {Role: known.names_of(Role), Group: known.names_of(Group)}
    rows = [_row(number, cells, names) for number, cells in lines]
    _among_each_other(rows)
    return rows


def bring(sealed: str, by: Viewer, origin: journal.Origin, now: datetime) -> list[Made]:
    """Make the people of a preview, all or none; gives their first passwords, once. Raises Stale, BelongsApart."""
    accounts = [_account(said) for said in imported.opened(sealed, "people.import", by)]
    if known.taken_logins([login for login, _account in accounts]):
        raise imported.Stale
    passwords = [fresh_password() for _one in accounts]
    hashes = [hash_fresh(password) for password in passwords]
    with journal.attempt(IMPORTED, by, now, origin, of=("person", "")), transaction(), upheld() as touched:
        people = [fresh(login, one, hashed, now) for (login, one), hashed in zip(accounts, hashes, strict=True)]
        db.session.add_all(people)
        db.session.flush()
        for person, (login, account) in zip(people, accounts, strict=True):
            place(person, account)
            touched.add(person.id)
            after = {"login": login, **told(person)}
            journal.note(CREATED, by, now, origin, of=("person", person.id), after=after)
        journal.note(IMPORTED, by, now, origin, of=("person", ""), people=len(people))
    return [Made(person.login, person.name, password) for person, password in zip(people, passwords, strict=True)]


def _row(number: int, cells: Mapping[str, str], names: Mapping[Any, Mapping[str, int]]) -> Row:
    row = Row(number, cells["login"].lower(), Account(" ".join(cells["name"].split())))
    for column, cell in cells.items():
        if cell.startswith("="):
            row.errors.append(_("A formula in the column “%(column)s”: write the value itself", column=column))
    if not LOGIN.fullmatch(row.login) or PRIVILEGED.search(row.login):
        row.errors.append(_("The login is 3–40 small Latin letters, digits, dots or dashes and reveals no rights"))
    if not row.account.name:
        row.errors.append(_("The name is missing"))
    given: dict[str, Any] = {
        "roles": _ids(row, cells.get("roles", ""), names[Role]),
        "groups": _ids(row, cells.get("groups", ""), names[Group]),
        "languages": _languages(row, cells.get("languages", "")),
        "capacity": _capacity(row, cells.get("capacity", "")),
        "locale": _locale(row, cells.get("locale", "")),
        "public_name": cells.get("public_name", ""),
        "phone": cells.get("phone", ""),
        "email": cells.get("email", ""),
    }
    for check, text in ((phone_of, given["phone"]), (email_of, given["email"])):
        try:
            check(text)
        except (PhoneUnfit, EmailUnfit) as unfit:
            row.errors.append(unfit.message)
    row.account = replace(row.account, **given)
    return row


def _among_each_other(rows: Sequence[Row]) -> None:
    """Logins that are taken or come twice; roles that belong apart."""
    taken = known.taken_logins([row.login for row in rows])
    often = Counter(row.login for row in rows)
    rights = {role.id: role.rights.keys() for role in roles.everyone()}
    for row in rows:
        if row.login in taken:
            row.errors.append(_("The login is taken"))
        if often[row.login] > 1:
            row.errors.append(_("The login stands in this table more than once"))
        if pair := conflict({code for role_id in row.account.roles for code in rights[role_id]}):
            row.errors.append(
                _("“%(first)s” and “%(second)s” belong apart", first=pair.first.label, second=pair.second.label)
            )


def _ids(row: Row, text: str, known_names: Mapping[str, int]) -> frozenset[int]:
    found = set()
    for name in _listed(text):
        if name.casefold() in known_names:
            found.add(known_names[name.casefold()])
        else:
            row.errors.append(_("Not known here: %(name)s", name=name))
    return frozenset(found)


def _languages(row: Row, text: str) -> frozenset[str]:
    strange = [one for one in _listed(text) if one not in LOCALES]
    if strange:
        row.errors.append(_("Languages are %(known)s, not %(name)s", known=", ".join(LOCALES), name=strange[0]))
    return frozenset(_listed(text)) - frozenset(strange)


def _capacity(row: Row, text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or not 1 <= int(text[:4]) <= MOST_CHATS:
        row.errors.append(_("Chats at once: a whole number from 1 to %(most)s", most=MOST_CHATS))
        return None
    return int(text)


def _locale(row: Row, text: str) -> str:
    if text and text not in LOCALES:
        row.errors.append(_("Languages are %(known)s, not %(name)s", known=", ".join(LOCALES), name=text))
    return text if text in LOCALES else "ru"


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.replace("|", ",").replace(";", ",").split(",") if part.strip()]


def _account(said: dict[str, Any]) -> tuple[str, Account]:
    login = said.pop("login")
    return login, Account(**said | {name: frozenset(said[name]) for name in ("roles", "groups", "languages")})
