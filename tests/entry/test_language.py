"""The language of the interface: one click, remembered (clause 8.3)."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.base.locale import LOCALES
from tests.cast import PASSWORD, Actor, Cast
from tests.entry.asking import sign_in, token

pytestmark = pytest.mark.clause("8.3")


@pytest.mark.parametrize("code", LOCALES)
def test_a_chosen_language_is_told_to_the_browser_right(cast: Cast, code: str) -> None:
    assert cast.aziza.browser.post("/language", {"locale": code}).status_code == 303
    assert f'<html lang="{code.replace("_", "-")}"' in cast.aziza.browser.get("/chats").text


def test_the_language_follows_the_person_to_another_desk(app: Flask, client: FlaskClient, aziza: Actor) -> None:
    sign_in(client, aziza.login, PASSWORD)
    client.post("/language", data={"locale": "uz_Cyrl", "csrf_token": token(client, "/")})
    client.post("/sign-out", data={"csrf_token": token(client, "/")})
    client = app.test_client()
    sign_in(client, aziza.login, PASSWORD)
    assert '<html lang="uz-Cyrl"' in client.get("/chats").text


def test_one_persons_language_is_not_anothers(cast: Cast) -> None:
    cast.aziza.browser.post("/language", {"locale": "en"})
    assert '<html lang="ru"' in cast.timur.browser.get("/chats").text


def test_before_signing_in_the_browser_keeps_the_choice(client: FlaskClient) -> None:
    answer = client.post("/language", data={"locale": "uz_Latn", "next": "/sign-in", "csrf_token": token(client)})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert '<html lang="uz-Latn"' in client.get("/sign-in", headers={"Accept-Language": "ru"}).text


@pytest.mark.parametrize(
    ("asked", "lang"),
    [("uz-UZ,uz;q=0.9", "uz-Latn"), ("uz-Cyrl", "uz-Cyrl"), ("en-US", "en"), ("de", "ru"), ("", "ru")],
)
def test_a_newcomer_reads_the_language_the_browser_asks_for(client: FlaskClient, asked: str, lang: str) -> None:
    assert f'<html lang="{lang}"' in client.get("/sign-in", headers={"Accept-Language": asked}).text


@pytest.mark.parametrize("code", ["de", "", "../../etc/passwd"])
def test_a_language_we_do_not_speak_is_refused(cast: Cast, code: str) -> None:
    assert cast.aziza.browser.post("/language", {"locale": code}).status_code == 404
    assert '<html lang="ru"' in cast.aziza.browser.get("/chats").text


@pytest.mark.parametrize("broken", ["de", "xx_YY", "%00", "uz"])
def test_a_spoilt_language_cookie_does_no_harm(client: FlaskClient, broken: str) -> None:
    client.set_cookie("language", broken)
    assert client.get("/sign-in").status_code == 200


@pytest.mark.parametrize("theme", ["auto", "light", "dark", "contrast"])
def test_the_theme_is_remembered_per_person(cast: Cast, theme: str) -> None:
    cast.aziza.browser.post("/theme", {"theme": theme})
    assert f'data-theme="{theme}"' in cast.aziza.browser.get("/chats").text


def test_choosing_a_language_does_not_lead_away(cast: Cast) -> None:
    answer = cast.aziza.browser.post("/language", {"locale": "en", "next": "//evil.uz"})
    assert answer.location == "/"
