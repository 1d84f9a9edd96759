"""People who work here: make and change their accounts, and what each chooses for oneself (clauses 7.4, 7.8)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from app.actions import journal, sessions
from app.actions.people_parts import locked, place, told
from app.actions.rights import check_not_own, upheld
from app.base.passwords import fresh_password, hash_password
from app.base.refusal import Refusal
from app.models.account import LOGIN, PRIVILEGED, Account
from app.models.db import db, transaction
from app.models.journal import Kind
from app.models.journal import declare as declare_kind
from app.models.person import Person
from app.models.role import Role
from app.models.viewer import AnyViewer, Viewer

CREATED = declare_kind("person.created", _l("Person created"))
CHANGED = declare_kind("person.changed", _l("Person changed"))
RIGHTS_CHANGED = declare_kind("person.rights_changed", _l("Roles or groups of a person changed"))


class LoginTaken(Refusal):
    notice = _l("The login %(login)s is taken. Choose another.")


class LoginUnfit(Refusal):
    notice = _l("A login is 3–40 small Latin letters, digits, dots or dashes, and begins with a letter.")


class LoginTellsPrivilege(Refusal):
    notice = _l("A login must not reveal rights (admin, root, super…). Use the name, like k.rahimova.")


def create(
    login: str,
    name: str,
    roles: Sequence[str],
    by: AnyViewer,
    origin: journal.Origin,
    now: datetime,
    *,
    public_name: str = "",
    locale: str = "ru",
    languages: Sequence[str] = (),
    demo: bool = False,
) -> tuple[Person, str]:
    """As `add`, with ready roles by their codes: for commands and the demonstration."""
    given = frozenset(db.session.scalars(select(Role.id).where(Role.code.in_(roles))))
    account = Account(name, public_name, locale, roles=given, languages=frozenset(languages))
    return add(login, account, by, origin, now, demo=demo)


def add(
    login: str, account: Account, by: AnyViewer, origin: journal.Origin, now: datetime, *, demo: bool = False
) -> tuple[Person, str]:
    """Make a person with a generated first password, which is given back once.

    Raises LoginTaken, LoginUnfit, LoginTellsPrivilege, PhoneUnfit, EmailUnfit, BelongsApart.
    """
    login = free_login(login)
    password = fresh_password()
    # The hash takes a quarter of a second: no connection is held meanwhile.
    db.session.close()
    person = fresh(login, account, hash_password(password), now)
    person.must_change_password, person.demo = not demo, demo
    with journal.attempt(CREATED, by, now, origin, of=("person", login)), transaction(), upheld() as touched:
        db.session.add(person)
        db.session.flush()
        place(person, account)
        touched.add(person.id)
        journal.note(CREATED, by, now, origin, of=("person", person.id), after={"login": login, **told(person)})
    return person, password


def change(person_id: int, account: Account, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Save what differs; rights take effect at once, also on open pages.

    Raises OwnRights, BelongsApart, LastOne, PhoneUnfit, EmailUnfit, NobodyThere.
    """
    of = ("person", person_id)
    with journal.attempt(CHANGED, by, now, origin, of=of), transaction(), upheld() as touched:
        person = locked(person_id)
        before = told(person)
        place(person, account)
        after = told(person)
        rights = [one for one in ("roles", "groups", "technical") if before[one] != after[one]]
        rest = [one for one in after if before[one] != after[one] and one not in rights]
        if rights:
            check_not_own(by, person_id)
            touched.add(person_id)
            _note(RIGHTS_CHANGED, rights, before, after, by, now, origin, of)
            sessions.rights_changed(person_id, now)
        if rest:
            _note(CHANGED, rest, before, after, by, now, origin, of)


def free_login(login: str) -> str:
    """The login as it is kept. Raises LoginUnfit, LoginTellsPrivilege, LoginTaken: also by somebody long gone."""
    login = login.strip().lower()
    if not LOGIN.fullmatch(login):
        raise LoginUnfit
    if PRIVILEGED.search(login):
        raise LoginTellsPrivilege
    if db.session.scalar(select(Person.id).where(Person.login == login)):
        raise LoginTaken(login=login)
    return login


def fresh(login: str, account: Account, hashed: str, now: datetime) -> Person:
    """A row to be added; `place` fills in what needs its id."""
    return Person(
        login=login,
        name=account.name,
        public_name=account.public_name or account.name.split()[0],
        locale=account.locale,
        password_hash=hashed,
        password_set_at=now,
        created_at=now,
        roles=[],
    )


def choose_locale(viewer: Viewer, locale: str) -> None:
    _choose(viewer, locale=locale)


def choose_theme(viewer: Viewer, theme: str) -> None:
    _choose(viewer, theme=theme)


def _choose(viewer: Viewer, **values: str) -> None:
    with transaction():
        db.session.execute(update(Person).where(Person.id == viewer.person_id).values(**values))


def _note(
    kind: Kind,
    names: Sequence[str],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    by: AnyViewer,
    now: datetime,
    origin: journal.Origin,
    of: tuple[str, object],
) -> None:
    was, became = ({name: values[name] for name in names} for values in (before, after))
    journal.note(kind, by, now, origin, of=of, before=was, after=became)
