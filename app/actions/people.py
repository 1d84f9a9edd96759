"""People who work here: make them, and what each chooses for oneself."""

import re
from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from app.actions import journal
from app.base.passwords import fresh_password, hash_password
from app.base.refusal import Refusal
from app.models.db import db, transaction
from app.models.journal import declare as declare_kind
from app.models.person import Person, PersonLanguage
from app.models.role import Role
from app.models.viewer import AnyViewer, Viewer

CREATED = declare_kind("person.created", _l("Person created"))

# A login says nothing of privilege (clause 12.6), in any of our languages.
_PRIVILEGED = re.compile(r"adm|root|super|boss|rahbar|boshliq|nachaln|direktor|system|test|guest|user")
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,39}")


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
    """Make a person with a generated first password, which is given back once. Raises LoginTaken, LoginUnfit."""
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise LoginUnfit
    if _PRIVILEGED.search(login):
        raise LoginTellsPrivilege
    if db.session.scalar(select(Person.id).where(Person.login == login)):
        raise LoginTaken(login=login)
    password = fresh_password()
    hashed = hash_password(password)
    with transaction():
        person = Person(
            login=login,
            name=name,
            public_name=public_name or name.split()[0],
            locale=locale,
            password_hash=hashed,
            password_set_at=now,
            must_change_password=not demo,
            demo=demo,
            created_at=now,
            roles=list(db.session.scalars(select(Role).where(Role.code.in_(roles)))),
        )
        db.session.add(person)
        db.session.flush()
        db.session.add_all(PersonLanguage(person_id=person.id, language=language) for language in languages)
        after = {"login": login, "roles": list(roles)}
        journal.note(CREATED, by, now, origin, of=("person", person.id), after=after)
    return person, password


def choose_locale(viewer: Viewer, locale: str) -> None:
    _choose(viewer, locale=locale)


def choose_theme(viewer: Viewer, theme: str) -> None:
    _choose(viewer, theme=theme)


def _choose(viewer: Viewer, **values: str) -> None:
    with transaction():
        db.session.execute(update(Person).where(Person.id == viewer.person_id).values(**values))
