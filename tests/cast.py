"""The people of the tests, and the browsers they sit at."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.base import clock, ids
from app.base.passwords import hash_password
from app.models.db import db, transaction
from app.models.person import Person, PersonLanguage
from app.models.role import Role
from app.models.session import Session, new_token, token_hash
from bench.people import AT_WORK

PASSWORD = "Bahor-2026-kuni"

_PEOPLE = {
    "aziza": ("Азиза Каримова", "operator", ("ru", "uz_Latn", "uz_Cyrl")),
    "timur": ("Тимур Ли", "operator", ("ru", "en")),
    "botir": ("Ботир Рахимов", "supervisor", ("ru", "uz_Latn")),
    "kamola": ("Камола Саидова", "administrator", ("ru",)),
    "nodira": ("Нодира Усманова", "auditor", ("ru",)),
    "sardor": ("Сардор Алиев", "security_officer", ("ru",)),
}
_SERVING = ("operator", "supervisor")


@dataclass(frozen=True)
class Actor:
    """One person: the row's id and a browser signed in as this person."""

    id: int
    login: str
    name: str
    browser: "Browser"


class Browser:
    """A signed-in test client that sends the token a page would send."""

    def __init__(self, app: Flask, token: str) -> None:
        self.client: FlaskClient = app.test_client()
        self.client.set_cookie("muloqot", token)
        self.token = token

    def get(self, url: str, **kwargs: Any) -> Any:
        return self.client.get(url, **kwargs)

    def post(self, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        headers = {"X-CSRF-Token": self.csrf, **kwargs.pop("headers", {})}
        return self.client.post(url, data=data or {}, headers=headers, **kwargs)

    @property
    def csrf(self) -> str:
        import re

        found = re.search(r'<meta name="csrf" content="([^"]+)"', self.client.get("/", follow_redirects=True).text)
        assert found, "the page carries no token"
        return found[1]


class Cast:
    """`cast.aziza`, `cast.timur`, `cast.botir`, `cast.kamola`: made when first called on.

    Whoever answers clients is `at_work`: serves, and is given no new chats by itself.
    """

    def __init__(self, app: Flask, *, at_work: bool = True) -> None:
        self._app, self._at_work = app, at_work
        self._made: dict[str, Actor] = {}

    def __getattr__(self, login: str) -> Actor:
        if login not in _PEOPLE:
            raise AttributeError(login)
        if login not in self._made:
            self._made[login] = self._make(login)
        return self._made[login]

    def _make(self, login: str) -> Actor:
        name, role, languages = _PEOPLE[login]
        now = clock.now()
        with self._app.app_context(), transaction():
            person = Person(
                login=login, name=name, public_name=name.split()[0], locale="ru", password_hash=_hashed(),
                password_set_at=now, must_change_password=False, created_at=now,
                roles=list(db.session.scalars(select(Role).where(Role.code == role))),
            )  # fmt: skip
            db.session.add(person)
            db.session.flush()
            db.session.add_all(PersonLanguage(person_id=person.id, language=language) for language in languages)
            person_id = person.id
            if self._at_work and role in _SERVING:
                db.session.connection().exec_driver_sql(AT_WORK, {"id": person_id})
        return Actor(person_id, login, name, Browser(self._app, self.session(person_id)))

    def session(self, person_id: int) -> str:
        """A signed-in session's token, without the quarter of a second a password takes."""
        token, now = new_token(), clock.now()
        with self._app.app_context(), transaction():
            db.session.add(
                Session(
                    id=ids.uuid7(now),
                    token_hash=token_hash(token),
                    person_id=person_id,
                    started_at=now,
                    seen_at=now,
                    address="127.0.0.1",
                    device="test",
                )
            )
        return token


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)
