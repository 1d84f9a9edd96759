"""What every answer says to the browser (clause 15.5)."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.base import log
from app.config import Settings
from tests.cast import Cast

pytestmark = pytest.mark.clause("15.5")


@pytest.mark.parametrize("url", ["/sign-in", "/chats", "/nowhere", "/healthz"])
def test_every_answer_is_locked_down(cast: Cast, url: str) -> None:
    headers = cast.aziza.browser.get(url).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy.replace("https://", "")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_static_files_say_what_they_are_and_stay_for_a_year(client: FlaskClient) -> None:
    with client.get("/static/js/live.js") as answer:
        assert answer.headers["Content-Type"].startswith("text/javascript")
        assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_only_a_desk_behind_tls_promises_tls(
    app: Flask, client: FlaskClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Strict-Transport-Security" not in client.get("/sign-in").headers
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, url="https://desk.bank.uz"))
    assert "includeSubDomains" in client.get("/sign-in").headers["Strict-Transport-Security"]


def test_the_request_id_of_the_proxy_is_kept_and_ours_is_made_otherwise(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "from-nginx-1"}).headers["X-Request-Id"] == "from-nginx-1"
    assert re.fullmatch(r"[0-9a-f]{16}", client.get("/healthz").headers["X-Request-Id"])
    log.request_id.set(None)


def test_a_page_names_no_other_machine(cast: Cast) -> None:
    page = cast.kamola.browser.get("/office/").text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', page)
