"""How long a session lasts (clause 12.4)."""

from typing import Any

import pytest
from flask import Flask
from psycopg import Connection

from app.actions import sessions
from app.base import clock
from app.models.setting import SETTINGS
from tests.cast import Cast

pytestmark = pytest.mark.clause("12.4")
IDLE_MINUTES, ABSOLUTE_HOURS = SETTINGS["sessions.idle_minutes"].default, SETTINGS["sessions.absolute_hours"].default
STRICT_IDLE_MINUTES = SETTINGS["sessions.strict_idle_minutes"].default
TO_SIGN_IN = "/sign-in?next=/chats"


def aged(superuser: "Connection[Any]", column: str, minutes: int) -> None:
    superuser.execute(f"UPDATE session SET {column} = now() - make_interval(mins => %s)", [minutes])


@pytest.mark.parametrize(("minutes", "inside"), [(IDLE_MINUTES - 1, True), (IDLE_MINUTES + 1, False)])
def test_who_does_nothing_for_the_idle_time_signs_in_again(
    cast: Cast, superuser: "Connection[Any]", minutes: int, inside: bool
) -> None:
    aziza = cast.aziza
    aged(superuser, "seen_at", minutes)
    assert aziza.browser.get("/chats").location == (None if inside else TO_SIGN_IN)


@pytest.mark.parametrize("extra", [-1, 1])
def test_administrators_are_signed_out_sooner(cast: Cast, superuser: "Connection[Any]", extra: int) -> None:
    kamola, aziza = cast.kamola, cast.aziza
    aged(superuser, "seen_at", STRICT_IDLE_MINUTES + extra)
    assert (kamola.browser.get("/me/").status_code == 200) == (extra < 0)
    assert aziza.browser.get("/me/").status_code == 200


@pytest.mark.parametrize(("extra", "inside"), [(-1, True), (1, False)])
def test_after_the_longest_time_even_the_busy_sign_in_again(
    cast: Cast, superuser: "Connection[Any]", extra: int, inside: bool
) -> None:
    aziza = cast.aziza
    aged(superuser, "started_at", ABSOLUTE_HOURS * 60 + extra)
    assert aziza.browser.get("/chats").location == (None if inside else TO_SIGN_IN)


@pytest.mark.parametrize("change", ["blocked_at", "deleted_at"])
def test_a_person_blocked_or_deleted_is_out_with_the_next_request(
    cast: Cast, superuser: "Connection[Any]", change: str
) -> None:
    aziza = cast.aziza
    superuser.execute(f"UPDATE person SET {change} = now() WHERE id = %s", [aziza.id])
    assert aziza.browser.get("/chats").location == TO_SIGN_IN


def test_an_ended_session_is_answered_to_htmx_with_the_way_to_sign_in(cast: Cast, superuser: "Connection[Any]") -> None:
    aziza = cast.aziza
    superuser.execute("UPDATE session SET ended_at = now()")
    answer = aziza.browser.get("/chats", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, TO_SIGN_IN)


def test_a_token_that_was_never_given_opens_nothing(cast: Cast) -> None:
    cast.aziza.browser.client.set_cookie("muloqot", "x" * 43)
    assert cast.aziza.browser.get("/chats").location == TO_SIGN_IN


def seen(superuser: "Connection[Any]") -> object:
    row = superuser.execute("SELECT seen_at FROM session").fetchone()
    return row and row[0]


def test_a_refetch_of_the_page_itself_is_no_sign_of_life(cast: Cast, superuser: "Connection[Any]") -> None:
    aziza = cast.aziza
    aged(superuser, "seen_at", 10)
    before = seen(superuser)
    aziza.browser.get("/chats", headers={"X-Unattended": "1"})
    assert seen(superuser) == before
    aziza.browser.get("/chats")
    assert seen(superuser) != before


def test_signs_of_life_are_written_at_most_twice_a_minute(cast: Cast, superuser: "Connection[Any]") -> None:
    aziza = cast.aziza
    before = seen(superuser)
    aziza.browser.get("/chats")
    assert seen(superuser) == before


def test_after_a_change_of_rights_the_token_is_another_and_the_former_soon_dead(
    app: Flask, cast: Cast, superuser: "Connection[Any]"
) -> None:
    aziza = cast.aziza
    with app.app_context():
        sessions.rights_changed(aziza.id, clock.now())
    answer = aziza.browser.get("/me/")
    renewed = aziza.browser.client.get_cookie("muloqot")
    assert answer.status_code == 200
    assert renewed is not None and renewed.value != aziza.browser.token
    late = app.test_client()
    late.set_cookie("muloqot", aziza.browser.token)
    assert late.get("/me/").status_code == 200
    assert late.get_cookie("muloqot").value == aziza.browser.token  # type: ignore[union-attr]
    superuser.execute("UPDATE session SET old_until = now() - interval '1 second'")
    assert late.get("/me/").status_code == 303
    assert aziza.browser.get("/me/").status_code == 200


def test_the_token_is_renewed_once_for_one_change(app: Flask, cast: Cast) -> None:
    with app.app_context():
        sessions.rights_changed(cast.aziza.id, clock.now())
    cast.aziza.browser.get("/me/")
    assert "muloqot=" not in str(cast.aziza.browser.get("/me/").headers.getlist("Set-Cookie"))
