"""A change is accepted only from our own page; a page is shown only to whom it belongs (clauses 7.4, 15.5)."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models.permission import Permission
from migrations import start_set
from tests.cast import Browser, Cast
from tests.entry.asking import routes, sign_in, token

DOORS = "doors."


def refused(app: Flask, browser: Browser, **headers: str) -> list[str]:
    """Unsafe routes that did not answer 403 to this request."""
    return [
        f"{method} {url}"
        for endpoint, method, url in routes(app, unsafe=True)
        if not endpoint.startswith(DOORS)
        if browser.client.open(url, method=method, headers=headers).status_code != 403
    ]


def test_no_change_is_accepted_without_the_token(app: Flask, cast: Cast) -> None:
    assert refused(app, cast.kamola.browser) == []


def test_no_change_is_accepted_with_a_made_up_token(app: Flask, cast: Cast) -> None:
    assert refused(app, cast.kamola.browser, **{"X-CSRF-Token": f"{'0' * 12}.{'A' * 43}"}) == []


def test_the_token_of_a_colleague_is_worth_nothing(app: Flask, cast: Cast) -> None:
    assert refused(app, cast.kamola.browser, **{"X-CSRF-Token": cast.aziza.browser.csrf}) == []


@pytest.mark.parametrize("origin", ["https://evil.uz", "http://localhost.evil.uz", "null", "http://localhost:81"])
def test_no_change_is_accepted_from_another_site(app: Flask, cast: Cast, origin: str) -> None:
    kamola = cast.kamola.browser
    assert refused(app, kamola, **{"X-CSRF-Token": kamola.csrf, "Origin": origin}) == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_change_is_accepted_when_the_browser_says_it_came_from_elsewhere(app: Flask, cast: Cast, site: str) -> None:
    kamola = cast.kamola.browser
    assert refused(app, kamola, **{"X-CSRF-Token": kamola.csrf, "Sec-Fetch-Site": site}) == []


def test_our_own_page_may_change_something(cast: Cast) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert cast.aziza.browser.post("/theme", {"theme": "dark"}, headers=headers).status_code == 303


def test_the_token_of_the_sign_in_page_ends_with_signing_in(client: FlaskClient, cast: Cast) -> None:
    before = token(client)
    client.set_cookie("muloqot", cast.aziza.browser.token)
    assert client.post("/theme", data={"theme": "dark", "csrf_token": before}).status_code == 403


def test_nobody_is_signed_in_by_another_site(client: FlaskClient) -> None:
    answer = sign_in(client, "aziza", "x", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.clause("7.4")
@pytest.mark.parametrize("unsafe", [False, True])
def test_a_stranger_is_led_to_sign_in_from_every_page(app: Flask, client: FlaskClient, unsafe: bool) -> None:
    for endpoint, method, url in routes(app, unsafe=unsafe):
        rule = getattr(app.view_functions[endpoint], "rule", None)
        if rule not in (None, "public"):
            answer = client.open(url, method=method)
            assert answer.status_code == 303, url
            assert answer.location.startswith("/sign-in"), url


@pytest.mark.clause("7.4")
def test_a_page_whose_session_is_over_is_led_to_sign_in_not_told_of_rights(client: FlaskClient, cast: Cast) -> None:
    headers = {"HX-Request": "true", "X-CSRF-Token": cast.aziza.browser.csrf}
    answer = client.post("/chats/1/say", data={"text": "Salom"}, headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


@pytest.mark.clause("7.4", "15.5")
def test_a_person_without_the_right_is_refused_every_page_it_guards(app: Flask, cast: Cast) -> None:
    rights = {one["permission"] for role, given in start_set.roles() if role["code"] == "operator" for one in given}
    for unsafe in (False, True):
        for endpoint, method, url in routes(app, unsafe=unsafe):
            rule = getattr(app.view_functions[endpoint], "rule", None)
            if isinstance(rule, Permission) and rule.code not in rights:
                aziza = cast.aziza.browser
                headers = {"X-CSRF-Token": aziza.csrf} if unsafe else {}
                assert aziza.client.open(url, method=method, headers=headers).status_code == 403, url


def test_a_refusal_is_explained_in_the_readers_language(cast: Cast) -> None:
    answer = cast.aziza.browser.get("/office/")
    assert answer.status_code == 403
    assert "Нет права" in answer.text or "прав" in answer.text.lower()
    assert '<html lang="ru"' in answer.text


def test_a_webhook_needs_no_token_and_a_wrong_one_finds_nothing(client: FlaskClient) -> None:
    assert client.post("/hooks/telegram/not-a-key", data=b"{}").status_code == 404
