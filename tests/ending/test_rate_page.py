"""The page behind a signed link: once, in the client's language, closed to whoever guesses."""

import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.channels.telegram import door
from app.pages.doors import rate
from app.queries import ratings
from tests.ending.conftest import Desk, setting

pytestmark = pytest.mark.clause("9.6")


@pytest.fixture
def path(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of a channel without buttons: the question ends with the link."""
    monkeypatch.setattr(door, "limits", replace(door.limits, buttons=False))
    desk.served()
    desk.delivers()
    found = re.search(r"https?://\S+?(/rate/\S+)", desk.sent()[-1])
    assert found, desk.sent()[-1]
    return found[1]


def test_a_channel_without_buttons_gets_a_link(desk: Desk, path: str) -> None:
    assert desk.one("SELECT how FROM rating") == "link"
    assert desk.buttons() == []


def test_the_page_asks_in_the_clients_language(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert '<html lang="uz-Latn"' in page.text
    assert page.text.count('type="radio"') == 5
    assert page.headers["Referrer-Policy"] == "same-origin"  # the address is a secret of this client
    assert "no-store" in page.headers["Cache-Control"]


def test_an_answer_counts_once(desk: Desk, client: FlaskClient, path: str) -> None:
    assert client.post(path, data={"mark": "4", "comment": "Yaxshi"}).status_code == 303
    page = client.get(path)
    assert 'type="radio"' not in page.text
    assert client.post(path, data={"mark": "1"}).status_code == 409

    assert desk.one("SELECT mark FROM rating") == 4
    assert desk.one("SELECT comment IS NOT NULL FROM rating")


def test_a_comment_may_come_after_the_mark(desk: Desk, client: FlaskClient, path: str) -> None:
    client.post(path, data={"mark": "4"})
    assert "<textarea" in client.get(path).text
    client.post(path, data={"comment": "Keyin yozdim"})
    client.post(path, data={"comment": "Yana bir marta"})

    found = ratings.of_episodes([desk.one("SELECT id FROM episode")])
    assert [one.comment for one in found.values()] == ["Keyin yozdim"]


@pytest.mark.parametrize("data", [{}, {"mark": "6"}, {"mark": "0"}, {"mark": "x"}, {"mark": "-1"}, {"comment": "gap"}])
def test_what_is_no_mark_is_refused_in_words(desk: Desk, client: FlaskClient, path: str, data: dict[str, Any]) -> None:
    page = client.post(path, data=data)
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert desk.one("SELECT mark FROM rating") is None


def test_a_link_that_is_not_ours_opens_nothing(desk: Desk, client: FlaskClient, path: str) -> None:
    other = path.replace(f"/{desk.rating_id}.", f"/{desk.rating_id + 1}.")
    for wrong in (path[:-1], path + "x", other, "/rate/1", "/rate/.", "/rate/" + "9" * 40 + ".x", "/rate/%00.a"):
        assert client.get(wrong).status_code == 404, wrong
        assert client.post(wrong, data={"mark": "5"}).status_code == 404, wrong
    assert desk.one("SELECT mark FROM rating") is None


def test_after_its_time_the_page_says_so(desk: Desk, client: FlaskClient, path: str) -> None:
    setting("rating.hours", 1)
    from sqlalchemy import text

    from app.models.db import db, transaction

    with transaction():
        db.session.execute(text("UPDATE rating SET ends_at = now() - interval '1 second'"))
    assert client.get(path).status_code == 410
    assert client.post(path, data={"mark": "5"}).status_code == 410
    assert desk.one("SELECT mark FROM rating") is None


def test_the_page_continues_the_chat(desk: Desk, client: FlaskClient, path: str) -> None:
    assert client.post(f"{path}/resume").status_code == 200
    assert desk.one("SELECT owner_id FROM standing") == desk.aziza.person_id


def test_one_address_cannot_ask_without_end(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.base.floods import Flood

    monkeypatch.setattr(rate, "_OF_ADDRESS", Flood("rate-test", rate=0.01, burst=3))
    codes = [client.get("/rate/1.x").status_code for _ in range(5)]
    assert codes == [404, 404, 404, 429, 429]
