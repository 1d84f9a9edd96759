"""Making people: neutral logins, first passwords, no built-in accounts (clauses 12.6, 12.7, 12.8)."""

import re
from typing import Any

import pytest
from psycopg import Connection

from app.actions import demo, people
from app.actions.journal import HERE
from app.base import clock
from app.base.passwords import password_fits
from app.models.person import Person
from app.models.viewer import SYSTEM
from app.queries import people as known

NOW = clock.now()


def make(login: str, **how: Any) -> tuple[Person, str]:
    return people.create(login, "Рахимова Камола", ["administrator"], SYSTEM, HERE, NOW, **how)


@pytest.mark.clause("12.6")
@pytest.mark.parametrize(
    "login",
    [
        "admin",
        "kamola.admin",
        "root",
        "superuser",
        "k.supervisor",
        "boss",
        "bosh.rahbar",
        "sysadmin",
        "administrator1",
        "testuser",
    ],
)
def test_a_login_that_tells_privilege_is_refused(login: str) -> None:
    with pytest.raises(people.LoginTellsPrivilege):
        make(login)


@pytest.mark.parametrize("login", ["ab", "1kamola", "kamola rahimova", "камола", "x" * 41, "", "-kamola", "k'; drop--"])
def test_a_login_that_cannot_be_typed_everywhere_is_refused(login: str) -> None:
    with pytest.raises(people.LoginUnfit):
        make(login)


def test_a_login_is_one_persons_only() -> None:
    make("k.rahimova")
    with pytest.raises(people.LoginTaken):
        make(" K.Rahimova ")


@pytest.mark.clause("12.8")
def test_the_first_password_fits_once_made_and_must_be_changed() -> None:
    person, password = make("k.rahimova")
    assert password_fits(password, person.password_hash)
    assert password not in person.password_hash
    assert person.password_hash.startswith("$argon2id$")
    assert person.must_change_password
    assert make("t.li")[1] != password


@pytest.mark.clause("12.2")
def test_who_made_whom_stands_in_the_journal(superuser: "Connection[Any]") -> None:
    person, password = make("k.rahimova")
    row = superuser.execute("SELECT kind, login, object_kind, object_id, details FROM journal").fetchone()
    assert row is not None
    assert row[:4] == ("person.created", "system", "person", str(person.id))
    assert password.encode() not in bytes(row[4])


@pytest.mark.clause("12.6", "12.7")
def test_demo_people_have_neutral_logins_and_passwords_of_their_own() -> None:
    made = demo.people(NOW)
    assert [role.partition(":")[0] for _login, _password, role in made] == [
        "administrator", "supervisor", "auditor", "security officer", "operator", "operator", "operator",
    ]  # fmt: skip
    telling = re.compile("adm|root|super|oper|boss|demo|test|user")
    assert not any(telling.search(login) for login, _password, _role in made)
    assert len({password for _login, password, _role in made}) == len(made)
    assert known.any_demo()


@pytest.mark.clause("12.7")
def test_a_fresh_database_has_no_account_at_all() -> None:
    assert not known.any_at_all()
    assert not known.any_demo()
