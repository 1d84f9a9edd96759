"""My profile and my sessions (clauses 8.3, 12.4)."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from psycopg import Connection

from tests.cast import Cast

pytestmark = pytest.mark.clause("12.4")


def ids(superuser: "Connection[Any]", person_id: int) -> list[UUID]:
    rows = superuser.execute("SELECT id FROM session WHERE person_id = %s ORDER BY id", [person_id])
    return [row[0] for row in rows]


def test_the_profile_leads_to_everything_that_is_ones_own(cast: Cast) -> None:
    page = cast.aziza.browser.get("/me/").text
    assert all(f'"{url}"' in page for url in ("/me/password", "/me/factor", "/me/sessions", "/language", "/theme"))


def test_the_profile_is_reached_from_every_page(cast: Cast) -> None:
    assert 'href="/me/"' in cast.aziza.browser.get("/chats").text


def test_sounds_are_switched_off_and_on(cast: Cast) -> None:
    browser = cast.aziza.browser
    assert browser.post("/me/sounds", {"sounds": "off"}).status_code == 303
    assert 'data-sounds="off"' in browser.get("/chats").text
    browser.post("/me/sounds", {"sounds": "on"})
    assert 'data-sounds="off"' not in browser.get("/chats").text


@pytest.mark.clause("8.1")
def test_one_chooses_the_key_that_sends(cast: Cast) -> None:
    browser = cast.aziza.browser
    assert "<kbd>Ctrl Enter</kbd>" not in browser.get("/chats").text
    assert browser.post("/me/sending", {"key": "ctrl"}).status_code == 303
    assert "<kbd>Ctrl Enter</kbd>" in browser.get("/chats").text


def test_one_sees_where_one_is_signed_in(app: Flask, cast: Cast) -> None:
    cast.session(cast.aziza.id)
    page = cast.aziza.browser.get("/me/sessions").text
    assert page.count("/me/sessions/") == 2  # one of them, and all others
    assert "127.0.0.1" in page


def test_a_session_of_ones_own_is_ended_from_another(app: Flask, cast: Cast, superuser: "Connection[Any]") -> None:
    aziza, other = cast.aziza, app.test_client()
    other.set_cookie("muloqot", cast.session(aziza.id))
    assert aziza.browser.post(f"/me/sessions/{ids(superuser, aziza.id)[-1]}/end").status_code == 303
    assert other.get("/chats").status_code == 303
    assert aziza.browser.get("/chats").status_code == 200


def test_all_others_are_ended_at_once(app: Flask, cast: Cast) -> None:
    others = [app.test_client() for _ in range(2)]
    for other in others:
        other.set_cookie("muloqot", cast.session(cast.aziza.id))
    cast.aziza.browser.post("/me/sessions/end-others")
    assert [other.get("/chats").status_code for other in others] == [303, 303]
    assert cast.aziza.browser.get("/chats").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(cast: Cast, superuser: "Connection[Any]") -> None:
    his = ids(superuser, cast.timur.id)[0]
    answer = cast.aziza.browser.post(f"/me/sessions/{his}/end", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert cast.timur.browser.get("/chats").status_code == 200
