"""Changing one's password (clauses 12.8–12.12)."""

from typing import Any

import pytest
from flask import Flask
from psycopg import Connection

from app.actions import passwords
from app.actions.journal import HERE
from app.base import clock
from app.models.viewer import SYSTEM
from app.queries import settings as stored
from tests.cast import PASSWORD, Cast
from tests.entry.asking import first_step, journalled

pytestmark = pytest.mark.clause("12.8")
NEW = "Yashil-choy-88!"


def change(cast: Cast, new: str, *, present: str = PASSWORD, again: str | None = None) -> Any:
    form = {"present": present, "new": new, "again": new if again is None else again}
    return cast.aziza.browser.post("/me/password", form)


def english(cast: Cast) -> None:
    cast.aziza.browser.post("/language", {"locale": "en"})


def test_a_new_password_opens_and_the_former_does_not(app: Flask, cast: Cast) -> None:
    assert change(cast, NEW).status_code == 303
    assert first_step(app.test_client(), cast.aziza.login, PASSWORD).status_code == 422
    assert first_step(app.test_client(), cast.aziza.login, NEW).status_code == 303


@pytest.mark.clause("12.4")
def test_the_token_changes_with_it_and_all_other_sessions_end(app: Flask, cast: Cast) -> None:
    other = app.test_client()
    other.set_cookie("muloqot", cast.session(cast.aziza.id))
    thief = app.test_client()
    thief.set_cookie("muloqot", cast.aziza.browser.token)
    change(cast, NEW)
    assert cast.aziza.browser.get("/me/").status_code == 200
    assert other.get("/me/").status_code == thief.get("/me/").status_code == 303


@pytest.mark.clause("12.9", "12.10", "12.11", "12.12")
@pytest.mark.parametrize(
    ("new", "missing", "fine"),
    [
        ("Qisqa-7", "at least 12 characters", "a digit"),
        ("yashil-choy-88", "a capital letter", "a small letter"),
        ("YASHIL-CHOY-88", "a small letter", "a capital letter"),
        ("Yashil-choy-bor", "a digit", "a sign"),
        ("Yashil5choy88bor", "a sign", "a digit"),
        ("Parol-yashil-88!", "parol", "a digit"),
        ("Aziza-ning-uyi-88", "aziza", "a digit"),
        ("Азизанинг-Уйи-88!", "азиза", "a digit"),
        ("Aa1-" * 40, "at most 128 characters", "at least"),
    ],
)
def test_what_is_missing_is_said_exactly(cast: Cast, new: str, missing: str, fine: str) -> None:
    english(cast)
    answer = change(cast, new)
    assert answer.status_code == 422
    said = answer.text.partition('id="new-about"')[2].partition("</div>")[0].lower()
    assert missing in said
    assert fine not in said


@pytest.mark.clause("12.9")
def test_each_class_is_a_switch_of_the_administrators(cast: Cast, app: Flask) -> None:
    for key in ("passwords.upper", "passwords.digit", "passwords.symbol"):
        cast.kamola.browser.post("/office/settings/passwords", {"shown": key})
    stored.forget()
    assert change(cast, "yashil choy ichamiz").status_code == 303


def test_administrators_need_a_longer_one(cast: Cast) -> None:
    form = {"present": PASSWORD, "new": "Choy-ichdi-7", "again": "Choy-ichdi-7"}
    assert cast.kamola.browser.post("/me/password", form).status_code == 422
    assert cast.aziza.browser.post("/me/password", form).status_code == 303


def test_the_present_one_is_asked_and_may_not_be_guessed_at(cast: Cast, superuser: "Connection[Any]") -> None:
    answers = [change(cast, NEW, present=f"guess-{number}").status_code for number in range(8)]
    assert answers[0] == 422 and answers[-1] == 429
    assert ("password.not_proved", "aziza", "refused") in journalled(superuser)


def test_two_that_differ_are_refused(cast: Cast) -> None:
    assert change(cast, NEW, again=NEW + "x").status_code == 422


def test_a_password_one_has_had_does_not_come_back(cast: Cast) -> None:
    assert change(cast, PASSWORD).status_code == 422
    assert change(cast, NEW).status_code == 303
    assert change(cast, PASSWORD, present=NEW).status_code == 422


def test_a_first_password_must_be_changed_before_anything_else(cast: Cast, superuser: "Connection[Any]") -> None:
    browser = cast.aziza.browser
    token = browser.csrf
    superuser.execute("UPDATE person SET must_change_password = true")
    for url in ("/", "/chats", "/me/", "/me/factor", "/me/sessions"):
        assert browser.get(url).location == "/me/password", url
    assert browser.client.post("/theme", data={"theme": "dark", "csrf_token": token}).location == "/me/password"
    assert change(cast, NEW).location == "/"
    assert browser.get("/chats").status_code == 200


def test_signing_out_stays_open_to_whoever_must_change_it(cast: Cast, superuser: "Connection[Any]") -> None:
    superuser.execute("UPDATE person SET must_change_password = true")
    assert cast.aziza.browser.post("/sign-out").location == "/sign-in"


@pytest.mark.parametrize(("days", "open_"), [(89, True), (91, False)])
def test_an_old_password_must_be_changed(cast: Cast, superuser: "Connection[Any]", days: int, open_: bool) -> None:
    browser = cast.aziza.browser
    superuser.execute("UPDATE person SET password_set_at = now() - make_interval(days => %s)", [days])
    assert (browser.get("/chats").status_code == 200) == open_


def test_one_given_anew_ends_all_sessions_and_must_be_changed(app: Flask, cast: Cast) -> None:
    aziza = cast.aziza
    with app.app_context():
        given = passwords.reset(aziza.id, SYSTEM, HERE, clock.now())
    assert aziza.browser.get("/chats").status_code == 303
    client = app.test_client()
    assert first_step(client, aziza.login, given).status_code == 303
    assert client.get("/chats").location == "/me/password"


@pytest.mark.clause("12.17")
def test_the_journal_knows_of_it_but_not_what_it_is(cast: Cast, superuser: "Connection[Any]") -> None:
    change(cast, NEW)
    assert journalled(superuser)[-1] == ("password.changed", "aziza", "done")
