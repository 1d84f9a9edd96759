"""Everyone's sessions, for administrators (clause 12.4)."""

from typing import Any

import pytest
from psycopg import Connection

from tests.cast import Cast
from tests.entry.asking import journalled

pytestmark = pytest.mark.clause("12.4")


def test_an_administrator_sees_who_is_signed_in_and_that_is_journalled(
    cast: Cast, superuser: "Connection[Any]"
) -> None:
    assert cast.aziza and cast.timur
    page = cast.kamola.browser.get("/office/sessions").text
    assert all(name in page for name in ("aziza", "timur", "kamola", "127.0.0.1"))
    assert ("session.seen", "kamola", "done") in journalled(superuser)


@pytest.mark.parametrize("query", ["timur", "Тимур", "ТИМУР"])
def test_sessions_are_found_by_login_and_name(cast: Cast, query: str) -> None:
    assert cast.aziza and cast.timur
    page = cast.kamola.browser.get("/office/sessions", query_string={"q": query}).text
    assert "<td>timur</td>" in page and "<td>aziza</td>" not in page


def test_signs_of_patterns_are_letters_like_others(cast: Cast) -> None:
    assert "<td>aziza</td>" not in cast.kamola.browser.get("/office/sessions?q=%25").text


def test_an_administrator_ends_a_session_and_all_of_a_person(cast: Cast, superuser: "Connection[Any]") -> None:
    aziza, timur = cast.aziza, cast.timur
    row = superuser.execute("SELECT id FROM session WHERE person_id = %s", [aziza.id]).fetchone()
    assert row is not None
    assert cast.kamola.browser.post(f"/office/sessions/{row[0]}/end").status_code == 303
    assert cast.kamola.browser.post(f"/office/sessions/of/{timur.id}/end").status_code == 303
    assert aziza.browser.get("/chats").status_code == timur.browser.get("/chats").status_code == 303
    assert journalled(superuser)[-1] == ("session.ended", "kamola", "done")


def test_others_may_neither_see_nor_end_them(cast: Cast) -> None:
    assert cast.botir.browser.get("/office/sessions").status_code == 403
    assert cast.botir.browser.post(f"/office/sessions/of/{cast.aziza.id}/end").status_code == 403
