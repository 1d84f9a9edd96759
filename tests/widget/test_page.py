"""The script and the page: allowed sites only, a policy of its own, the language of the page or of the person."""

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.actions import channels, webchat
from app.actions.journal import HERE
from app.base import clock
from app.models.viewer import SYSTEM
from app.queries import channels as known
from tests.cluster import ROOT
from tests.widget.conftest import SITE, Visitor

pytestmark = pytest.mark.clause("4.1")
STATIC = ROOT / "app" / "static"


def test_the_page_may_stand_only_on_the_sites_of_its_channel(client: FlaskClient, key: str) -> None:
    answer = client.get(f"/widget/{key}")
    policy = answer.headers["Content-Security-Policy"]
    assert f"frame-ancestors {SITE}" in policy
    assert "unsafe" not in policy
    assert "X-Frame-Options" not in answer.headers


def test_every_other_page_stays_out_of_frames(client: FlaskClient) -> None:
    answer = client.get("/sign-in")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_chat_without_sites_stands_in_no_frame(client: FlaskClient, key: str) -> None:
    lonely = webchat.connect(webchat.Wish("App only"), SYSTEM, HERE, clock.now()).key
    answer = client.get(f"/widget/{lonely}")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(("site", "status"), [(f"{SITE}/karta", 200), ("https://evil.example/", 404)])
def test_a_frame_on_another_site_is_told_no_at_once(client: FlaskClient, key: str, site: str, status: int) -> None:
    told = {"Sec-Fetch-Dest": "iframe", "Referer": site}
    assert client.get(f"/widget/{key}", headers=told).status_code == status


@pytest.mark.clause("15.3.2")
def test_alone_it_is_the_page_of_the_mobile_app(client: FlaskClient, key: str) -> None:
    answer = client.get(f"/widget/{key}", headers={"Sec-Fetch-Dest": "document"})
    assert answer.status_code == 200
    assert "csrf" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_an_unknown_and_a_switched_off_chat_answer_alike(client: FlaskClient, key: str) -> None:
    channel = known.by_key(key)
    assert channel is not None
    channels.switch(channel, False, SYSTEM, HERE, clock.now())
    assert client.get(f"/widget/{key}").status_code == client.get("/widget/nothing").status_code == 404
    assert client.post(f"/widget/{key}/session", json={}).status_code == 404


@pytest.mark.clause("9.1")
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("ru", "ru"),
        ("uz", "uz-Latn"),
        ("oz", "uz-Latn"),
        ("uz-Cyrl", "uz-Cyrl"),
        ("uz_Cyrl", "uz-Cyrl"),
        ("en-GB", "en"),
    ],
)
def test_the_site_chooses_the_language(client: FlaskClient, key: str, asked: str, shown: str) -> None:
    assert f'<html lang="{shown}"' in client.get(f"/widget/{key}?lang={asked}").text


def test_without_a_choice_the_browser_is_asked(client: FlaskClient, key: str) -> None:
    page = client.get(f"/widget/{key}?lang=xx", headers={"Accept-Language": "uz-UZ,ru;q=0.8"}).text
    assert '<html lang="uz-Latn"' in page


def test_the_bank_says_its_own_words_in_each_language(client: FlaskClient, key: str) -> None:
    words = {"ru": "Пишите нам", "uz_Latn": "Bizga <yozing>"}
    wish = webchat.Wish("S", titles=words, notices={"ru": "О данных"}, notice_url="https://bank.example/data")
    made = webchat.connect(wish, SYSTEM, HERE, clock.now()).key
    uzbek = client.get(f"/widget/{made}?lang=uz").text
    assert "Bizga &lt;yozing&gt;" in uzbek
    assert 'href="https://bank.example/data"' in uzbek
    assert "О данных" in client.get(f"/widget/{made}?lang=ru").text


def test_another_page_cannot_ask_for_the_visitor(dilshod: Visitor) -> None:
    for told in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert dilshod.post("session", json={}, headers=told).status_code == 404


def test_a_provider_cannot_ring_at_a_hosted_channel(client: FlaskClient, key: str) -> None:
    assert client.post(f"/hooks/webchat/{key}", json={"lane": "x", "id": "1"}).status_code == 404


def test_the_script_is_small_and_the_opened_chat_too(app: Flask, client: FlaskClient, key: str) -> None:
    script = client.get("/widget.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "__DESK__" not in script.text
    assert packed(script.data) <= 40 * 1024
    sheets = [STATIC / "css" / f"{name}.css" for name in ("tokens", "base", "parts", "thread", "widget")]
    scripts = [one for one in (STATIC / "widget").glob("*.js") if one.name != "widget.js"]
    files = [*sheets, *scripts, STATIC / "vendor" / "socket.io.min.js", STATIC / "img" / "icons.svg"]
    page = packed(client.get(f"/widget/{key}").data)
    assert packed(script.data) + page + sum(packed(one.read_bytes()) for one in files) <= 120 * 1024


def packed(body: bytes) -> int:
    return len(gzip.compress(body, 6))
