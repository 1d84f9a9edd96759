"""The steps of a sign-in after the password: second factor, a word about another session (clauses 12.4, 12.24)."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import Connection

from tests.cast import PASSWORD, Actor, Cast
from tests.entry.asking import cookie, first_step, journalled, notice, sign_in, token
from tests.me.phone import Phone

pytestmark = pytest.mark.clause("12.24")


@pytest.fixture
def phone(app: Flask, cast: Cast) -> Phone:
    """Kamola's phone, known to the system."""
    return Phone(app, cast.kamola)


def give(client: FlaskClient, code: str) -> Any:
    return client.post("/sign-in/code", data={"code": code, "csrf_token": token(client)})


def test_the_password_alone_opens_nothing(client: FlaskClient, phone: Phone) -> None:
    answer = first_step(client, phone.login, PASSWORD, "/sign-in?next=/office/settings")
    assert answer.location == "/sign-in/code?next=/office/settings"
    assert not cookie(answer)
    assert client.get("/office/settings").status_code == 303


def test_password_and_code_together_open_the_desk(client: FlaskClient, phone: Phone) -> None:
    first_step(client, phone.login, PASSWORD)
    answer = give(client, phone.code())
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize("code", ["000000", "", "abcdef", "1" * 20, "' OR 1=1--"])
def test_a_wrong_code_does_not_open(client: FlaskClient, phone: Phone, code: str) -> None:
    first_step(client, phone.login, PASSWORD)
    assert give(client, code).status_code == 422
    assert client.get("/me/").status_code == 303


def test_a_code_that_was_used_is_not_taken_again(app: Flask, client: FlaskClient, phone: Phone) -> None:
    code = phone.code()
    first_step(client, phone.login, PASSWORD)
    assert give(client, code).status_code == 303
    other = app.test_client()
    first_step(other, phone.login, PASSWORD)
    answer = give(other, code)
    assert answer.status_code == 422 and notice(answer)
    assert other.get("/me/").status_code == 303


def test_a_recovery_code_opens_once(
    app: Flask, client: FlaskClient, phone: Phone, superuser: "Connection[Any]"
) -> None:
    spare = phone.recovery[3]
    first_step(client, phone.login, PASSWORD)
    assert give(client, spare.upper().replace("-", " ")).status_code == 303
    other = app.test_client()
    first_step(other, phone.login, PASSWORD)
    assert give(other, spare).status_code == 422
    assert ("factor.recovered", "kamola", "done") in journalled(superuser)


def test_a_code_without_the_password_is_worth_nothing(client: FlaskClient, phone: Phone) -> None:
    assert give(client, phone.code()).status_code == 409
    client.set_cookie("half", "x" * 43)
    assert give(client, phone.code()).status_code == 409


def test_a_half_sign_in_waits_ten_minutes(client: FlaskClient, phone: Phone, superuser: "Connection[Any]") -> None:
    first_step(client, phone.login, PASSWORD)
    superuser.execute("UPDATE half_sign_in SET begun_at = now() - interval '11 minutes'")
    assert give(client, phone.code()).status_code == 409


def test_a_half_sign_in_is_spent_with_its_use(client: FlaskClient, phone: Phone) -> None:
    first_step(client, phone.login, PASSWORD)
    half = client.get_cookie("half")
    assert half is not None
    give(client, phone.code())
    client.set_cookie("half", half.value)
    client.delete_cookie("muloqot")
    assert give(client, phone.code(1)).status_code == 409


def test_codes_are_guessed_no_more_often_than_passwords(client: FlaskClient, phone: Phone) -> None:
    first_step(client, phone.login, PASSWORD)
    answers = [give(client, f"{number:06}").status_code for number in range(20)]
    assert answers.count(422) < 10
    assert answers[-1] == 429


def test_the_second_step_cannot_be_left_out(client: FlaskClient, phone: Phone) -> None:
    first_step(client, phone.login, PASSWORD)
    answer = client.post("/sign-in/elsewhere", data={"csrf_token": token(client)})
    assert answer.status_code == 409 and not cookie(answer)


@pytest.mark.clause("12.4")
def test_an_operator_who_works_elsewhere_is_asked_and_told_where(client: FlaskClient, cast: Cast) -> None:
    answer = first_step(client, cast.aziza.login, PASSWORD)
    assert answer.location == "/sign-in/elsewhere" and not cookie(answer)
    assert "127.0.0.1" in client.get("/sign-in/elsewhere").text
    assert cast.aziza.browser.get("/chats").status_code == 200


@pytest.mark.clause("12.4")
def test_going_on_here_ends_the_session_there(client: FlaskClient, cast: Cast) -> None:
    there = cast.aziza.browser
    assert sign_in(client, cast.aziza.login, PASSWORD).status_code == 303
    assert there.get("/chats").location == "/sign-in?next=/chats"
    assert client.get("/chats").status_code == 200


@pytest.mark.clause("12.4")
def test_where_somebody_works_is_told_to_nobody_else(app: Flask, client: FlaskClient, cast: Cast) -> None:
    first_step(client, cast.aziza.login, PASSWORD)
    assert app.test_client().get("/sign-in/elsewhere").location == "/sign-in"


def test_an_administrator_may_sit_at_two_desks(client: FlaskClient, cast: Cast) -> None:
    assert first_step(client, cast.kamola.login, PASSWORD).location == "/"
    assert cast.kamola.browser.get("/me/").status_code == 200


@pytest.mark.clause("12.17")
def test_the_sign_in_before_is_told_once_after_the_next(client: FlaskClient, cast: Cast) -> None:
    kamola = cast.kamola
    sign_in(client, kamola.login, PASSWORD, environ_base={"REMOTE_ADDR": "10.7.7.7"})
    sign_in(client, kamola.login, PASSWORD)
    assert "10.7.7.7" in client.get("/office/settings").text
    assert "10.7.7.7" not in client.get("/office/settings").text
    assert "10.7.7.7" in client.get("/me/").text


@pytest.mark.clause("12.8")
def test_a_first_password_that_nobody_used_for_weeks_opens_nothing(
    client: FlaskClient, cast: Cast, superuser: "Connection[Any]"
) -> None:
    superuser.execute(
        "UPDATE person SET must_change_password = true, password_set_at = now() - interval '15 days' WHERE id = %s",
        [cast.kamola.id],
    )
    assert first_step(client, cast.kamola.login, PASSWORD).status_code == 422


def required(superuser: "Connection[Any]", actor: Actor) -> None:
    superuser.execute("INSERT INTO factor_role SELECT role_id FROM person_role WHERE person_id = %s", [actor.id])


def test_where_a_role_asks_for_it_nothing_else_is_open_until_it_is_set_up(
    cast: Cast, superuser: "Connection[Any]"
) -> None:
    browser = cast.kamola.browser
    required(superuser, cast.kamola)
    for url in ("/", "/me/", "/me/password", "/office/settings", "/me/sessions"):
        assert browser.get(url).location == "/me/factor", url
    assert browser.get("/office/settings", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/me/factor"
    assert cast.aziza.browser.get("/chats").status_code == 200
    phone = Phone.set_up(browser)
    assert browser.get("/office/settings").status_code == 200
    assert len(phone.recovery) == 10


def test_demonstration_people_are_spared(cast: Cast, superuser: "Connection[Any]") -> None:
    required(superuser, cast.kamola)
    superuser.execute("UPDATE person SET demo = true, must_change_password = true")
    assert cast.kamola.browser.get("/office/settings").status_code == 200


def test_the_secret_is_sealed_and_recovery_codes_are_hashes(phone: Phone, superuser: "Connection[Any]") -> None:
    row = superuser.execute("SELECT secret FROM factor").fetchone()
    assert row is not None and phone.secret.encode() not in bytes(row[0])
    kept = b"".join(bytes(row[0]) for row in superuser.execute("SELECT code_hash FROM recovery_code"))
    assert not any(code.replace("-", "").encode() in kept for code in phone.recovery)
