"""Guessing passwords: nobody gets in, and the owner is not kept out (clauses 12.8, 12.17; S6)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import Connection

from app.actions import sign_in as verbs
from app.models.attempts import MOST, MOST_OF_ADDRESS
from tests.cast import PASSWORD, Cast
from tests.entry.asking import first_step, journalled, notice, sign_in, token

pytestmark = pytest.mark.clause("12.8")


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that came to be judged; the hash is left out, since only how many there are is asked."""
    seen: list[str] = []

    def fits(password: str, hashed: str | None) -> bool:
        seen.append(password)
        return hashed is not None and password == PASSWORD

    monkeypatch.setattr(verbs, "password_fits", fits)
    return seen


def guess(client: FlaskClient, login: str, times: int, *, address: str = "10.9.9.9") -> list[int]:
    from_there = {"REMOTE_ADDR": address}
    return [
        first_step(client, login, f"guess-{number}", environ_base=from_there).status_code for number in range(times)
    ]


def test_after_some_failures_even_the_right_password_is_turned_away(
    client: FlaskClient, cast: Cast, judged: list[str]
) -> None:
    answers = guess(client, cast.aziza.login, 40)
    assert answers.count(422) == len(judged) <= MOST.default
    assert answers[-1] == 429
    assert first_step(client, cast.aziza.login, PASSWORD).status_code == 429


def test_a_login_nobody_has_is_turned_away_with_the_same_words(
    client: FlaskClient, cast: Cast, judged: list[str]
) -> None:
    told: list[str] = []
    for login in (cast.aziza.login, "nobody.atall"):
        guess(client, login, 12, address=f"10.0.0.{len(told)}")
        told.append(notice(first_step(client, login, "x", environ_base={"REMOTE_ADDR": f"10.0.0.{len(told)}"})))
    assert told[0] and told[0] == told[1]


def test_the_owner_gets_in_from_his_device_while_others_guess(
    app: Flask, client: FlaskClient, cast: Cast, judged: list[str]
) -> None:
    assert sign_in(client, cast.aziza.login, PASSWORD).status_code == 303
    client.post("/sign-out", data={"csrf_token": token(client, "/")})
    stranger = app.test_client()
    for number in range(20):
        guess(stranger, cast.aziza.login, 10, address=f"203.0.113.{number}")
    assert len(judged) <= 1 + MOST.default
    assert first_step(stranger, cast.aziza.login, PASSWORD).status_code == 429
    assert sign_in(client, cast.aziza.login, PASSWORD).status_code == 303


def test_a_stolen_device_cookie_has_its_own_few_tries(
    app: Flask, client: FlaskClient, cast: Cast, judged: list[str]
) -> None:
    sign_in(client, cast.aziza.login, PASSWORD)
    known = client.get_cookie("device")
    assert known is not None
    thief = app.test_client()
    thief.set_cookie("device", known.value)
    guess(thief, cast.aziza.login, 40)
    assert len(judged) <= 1 + MOST.default
    assert sign_in(client, cast.timur.login, PASSWORD).status_code == 303


def test_an_address_that_tries_many_logins_is_locked_out(client: FlaskClient, cast: Cast, judged: list[str]) -> None:
    for number in range(MOST_OF_ADDRESS.default + 10):
        guess(client, f"person.{number}", 1)
    assert len(judged) == MOST_OF_ADDRESS.default
    assert first_step(client, cast.aziza.login, PASSWORD, environ_base={"REMOTE_ADDR": "10.9.9.9"}).status_code == 429
    assert first_step(client, cast.aziza.login, PASSWORD, environ_base={"REMOTE_ADDR": "10.9.9.8"}).status_code == 303


def test_guesses_at_once_get_no_further_than_guesses_in_a_row(app: Flask, cast: Cast, judged: list[str]) -> None:
    login = cast.aziza.login

    def try_once(number: int) -> int:
        return first_step(app.test_client(), login, f"guess-{number}").status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(try_once, range(60)))
    assert answers.count(422) == len(judged) <= MOST.default
    assert set(answers) <= {422, 429}


def test_a_success_clears_the_mistakes_before_it(client: FlaskClient, cast: Cast, judged: list[str]) -> None:
    for _round in range(4):
        guess(client, cast.aziza.login, 4, address="127.0.0.1")
        assert sign_in(client, cast.aziza.login, PASSWORD).status_code == 303
        client.post("/sign-out", data={"csrf_token": token(client, "/")})


@pytest.mark.clause("12.17")
def test_who_was_turned_away_stands_in_the_journal_but_not_each_time(
    client: FlaskClient, cast: Cast, superuser: "Connection[Any]", judged: list[str]
) -> None:
    guess(client, cast.aziza.login, 60)
    kinds = [kind for kind, login, _outcome in journalled(superuser) if login == cast.aziza.login]
    assert kinds.count("session.sign_in_failed") == len(judged)
    assert kinds.count("session.turned_away") == 1


def test_what_was_written_into_the_login_field_is_not_kept_in_the_counters(
    client: FlaskClient, superuser: "Connection[Any]", judged: list[str]
) -> None:
    guess(client, "my-secret-password", 1)
    rows = superuser.execute("SELECT key FROM attempt_counter").fetchall()
    assert len(rows) == 2
    assert not any(b"secret" in bytes(row[0]) for row in rows)
