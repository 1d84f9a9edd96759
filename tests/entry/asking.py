"""What the tests of the entry ask again and again."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from psycopg import Connection
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.pages.guard import SAFE

SAMPLES: dict[str, Any] = {
    "IntegerConverter": 1,
    "Id": 1,
    "UUIDConverter": UUID(int=1),
    "UnicodeConverter": "x",
    "PathConverter": "x",
}


def token(client: FlaskClient, url: str = "/sign-in") -> str:
    """The token a page carries."""
    found = re.search(r'<meta name="csrf" content="([^"]+)"', client.get(url, follow_redirects=True).text)
    assert found, "the page carries no token"
    return found[1]


def sign_in(client: FlaskClient, login: str, password: str, url: str = "/sign-in", **how: Any) -> TestResponse:
    """Sign in; whoever works elsewhere already ends that and goes on."""
    answer = first_step(client, login, password, url, **how)
    if (answer.location or "").startswith("/sign-in/elsewhere"):
        return client.post(answer.location, data={"csrf_token": token(client)}, **how)
    return answer


def first_step(client: FlaskClient, login: str, password: str, url: str = "/sign-in", **how: Any) -> TestResponse:
    form = {"login": login, "password": password, "csrf_token": token(client)}
    return client.post(url, data=form, **how)


def notice(answer: TestResponse) -> str:
    """The words of the refusal on the page."""
    found = re.search(r'<div class="notice bad".*?</div>', answer.text, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", found[0]).strip() if found else ""


def cookie(answer: TestResponse, name: str = "muloqot") -> str:
    """The Set-Cookie line of this name; "" when there is none."""
    return next((line for line in answer.headers.getlist("Set-Cookie") if line.startswith(f"{name}=")), "")


def journalled(superuser: "Connection[Any]") -> list[tuple[str, str, str]]:
    """(kind, login, outcome) of each row, in order."""
    return list(superuser.execute("SELECT kind, login, outcome FROM journal ORDER BY id").fetchall())


def routes(app: Flask, *, unsafe: bool) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, address) of each route, with samples in the place of its values."""
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods or ()):
            if (method not in SAFE) == unsafe and method not in ("HEAD", "OPTIONS"):
                yield rule.endpoint, method, _address(app, rule)


def _address(app: Flask, rule: Rule) -> str:
    values = {name: SAMPLES[type(rule._converters[name]).__name__] for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, force_external=False)
