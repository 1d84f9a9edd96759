"""Signing in and out (clauses 12.4, 12.8, 12.17)."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import Connection

from app.config import Settings
from tests.cast import PASSWORD, Actor, Cast
from tests.entry.asking import cookie, journalled, notice, sign_in, token

pytestmark = pytest.mark.clause("12.4")


def test_aziza_signs_in_and_lands_on_the_desk(client: FlaskClient, aziza: Actor) -> None:
    answer = sign_in(client, aziza.login, PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/", follow_redirects=True).request.path == "/chats"


def test_a_login_is_read_without_regard_to_case_and_spaces(client: FlaskClient, aziza: Actor) -> None:
    assert sign_in(client, f" {aziza.login.upper()} ", PASSWORD).status_code == 303


@pytest.mark.clause("12.17")
def test_wrong_password_unknown_login_and_blocked_person_are_answered_alike(
    client: FlaskClient, aziza: Actor, cast: Cast, superuser: "Connection[Any]"
) -> None:
    superuser.execute("UPDATE person SET blocked_at = now() WHERE id = %s", [cast.timur.id])
    answers = [
        sign_in(client, aziza.login, "not this one"),
        sign_in(client, "nobody.atall", PASSWORD),
        sign_in(client, cast.timur.login, PASSWORD),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert notice(answers[0])
    assert len({notice(answer) for answer in answers}) == 1
    assert not any(cookie(answer) for answer in answers)
    failed = "session.sign_in_failed"
    assert journalled(superuser) == [
        (failed, aziza.login, "refused"),
        (failed, "nobody.atall", "refused"),
        (failed, cast.timur.login, "refused"),
    ]


def test_the_password_is_not_given_back_to_the_page(client: FlaskClient) -> None:
    answer = sign_in(client, "nobody.atall", "Sirli-soʻz-77")
    assert "nobody.atall" in answer.text
    assert "Sirli" not in answer.text


def test_empty_fields_are_named_without_asking_the_database(client: FlaskClient, superuser: "Connection[Any]") -> None:
    answer = client.post("/sign-in", data={"csrf_token": token(client)})
    assert answer.status_code == 422
    assert "Введите логин" in answer.text or "логин" in answer.text.lower()
    assert journalled(superuser) == []


@pytest.mark.clause("12.17")
def test_sign_in_and_out_stand_in_the_journal_with_the_address(
    client: FlaskClient, aziza: Actor, superuser: "Connection[Any]"
) -> None:
    sign_in(client, aziza.login, PASSWORD)
    client.post("/sign-out", data={"csrf_token": token(client, "/")})
    rows = superuser.execute("SELECT kind, login, address FROM journal ORDER BY id").fetchall()
    assert rows == [("session.signed_in", "aziza", "127.0.0.1"), ("session.signed_out", "aziza", "127.0.0.1")]


def test_signing_out_ends_the_session_and_clears_the_browser(client: FlaskClient, aziza: Actor) -> None:
    sign_in(client, aziza.login, PASSWORD)
    stolen = client.get_cookie("muloqot")
    answer = client.post("/sign-out", data={"csrf_token": token(client, "/")})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Expires=Thu, 01 Jan 1970" in cookie(answer)
    assert stolen is not None
    client.set_cookie("muloqot", stolen.value)
    assert client.get("/chats").location == "/sign-in?next=/chats"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient, aziza: Actor) -> None:
    line = cookie(sign_in(client, aziza.login, PASSWORD))
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Path=/" in line
    assert "Domain" not in line


@pytest.mark.clause("15.2.4")
def test_over_tls_the_cookie_is_bound_to_this_very_host(
    app: Flask, settings: Settings, aziza: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, url="https://localhost"))
    client = app.test_client()
    answer = sign_in(client, aziza.login, PASSWORD, base_url="https://localhost")
    line = cookie(answer, "__Host-muloqot")
    assert "Secure" in line
    assert "Path=/" in line
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_the_token_in_the_cookie_is_not_what_the_database_keeps(cast: Cast, superuser: "Connection[Any]") -> None:
    kept = superuser.execute("SELECT token_hash FROM session WHERE person_id = %s", [cast.aziza.id]).fetchone()
    assert kept is not None
    assert cast.aziza.browser.token.encode() not in bytes(kept[0])


def test_each_sign_in_opens_another_session(client: FlaskClient, aziza: Actor) -> None:
    tokens = set()
    for _ in range(2):
        sign_in(client, aziza.login, PASSWORD)
        found = client.get_cookie("muloqot")
        assert found is not None
        tokens.add(found.value)
        client.post("/sign-out", data={"csrf_token": token(client, "/")})
    assert len(tokens) == 2


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.uz/",
        "//evil.uz/",
        "/\\evil.uz/",
        "\\\\evil.uz/",
        "/\t/evil.uz/",
        "/\n/evil.uz",
        "http:evil.uz",
        "javascript:alert(1)",
        "evil.uz",
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in(cast: Cast, target: str) -> None:
    answer = cast.aziza.browser.get("/sign-in", query_string={"next": target})
    assert (answer.status_code, answer.location) == (303, "/")


def test_after_signing_in_one_continues_where_one_wanted_to_go(client: FlaskClient, aziza: Actor) -> None:
    assert client.get("/chats?view=queue").location == "/sign-in?next=/chats?view%3Dqueue"
    answer = sign_in(client, aziza.login, PASSWORD, "/sign-in?next=/chats?view%3Dqueue")
    assert answer.location == "/chats?view=queue"
