"""Every page and every form with nonsense in each of its fields, by each role: refused or done, never broken."""

import logging
import random
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from psycopg import Connection
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.cast import Actor, Cast
from tests.entry.asking import routes
from tests.fuzz import nonsense
from tests.house.test_guard import DEVELOPMENT, FILES
from tests.house.test_matrix import WHO, somebody
from tests.writes import Client

pytestmark = [pytest.mark.clause("15.5"), pytest.mark.own_database]

# For each role. A whole page costs fifty times what a parser does, and a third of these read each page once as it is;
# by hand twenty times as many, of the million that all take together.
INPUTS = 600 * min(nonsense.TIMES, 20)
# Names that pages read from their address; forms tell theirs by themselves.
ASKED = (
    "q", "page", "before", "after", "sort", "tab", "channel", "since", "day", "from", "to", "part", "template", "kind",
    "person", "group", "topic", "status", "attached", "next", "at", "by", "period", "token", "continue",
)  # fmt: skip


class Fields(HTMLParser):
    """The names of a page's fields, by the address of their form; those of buttons with an address of their own too."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._action = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self._action = told.get("action") or ""
            self.forms.setdefault(self._action, {})
        elif tag in ("input", "textarea", "select", "button") and told.get("name"):
            action = told.get("formaction") or self._action
            self.forms.setdefault(action or "", {})[told["name"] or ""] = told.get("type") or tag


@pytest.mark.parametrize("role", WHO)
def test_nonsense_breaks_no_page_and_no_form(
    app: Flask, cast: Cast, superuser: "Connection[Any]", role: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    dice = random.Random(role)
    for number in range(3):
        Client(app, f"Dilshod {number}").says("Salom")
    reads, changes = list(pages(app, unsafe=False)), list(pages(app, unsafe=True))
    fields: dict[str, dict[str, str]] = {}
    broken, me = [], somebody(cast, superuser, role)
    for number in range(INPUTS):
        if number % 40 == 0:
            me = somebody(cast, superuser, role)
        if number < len(reads):
            url, answer = reads[number], me.browser.get(reads[number])
            seen = Fields()
            seen.feed(answer.text if answer.mimetype == "text/html" else "")
            fields |= seen.forms
        elif dice.random() < 0.4:
            url = dice.choice(reads)
            answer = me.browser.get(url, query_string=asked(dice))
        else:
            url = dice.choice([*changes, *(action for action in fields if action.startswith("/"))])
            answer = post(me, url, fields.get(url, {}), dice)
        answer.close()
        if answer.status_code >= 500:
            broken.append(f"{number}: {url}: {answer.status_code}")
    assert broken == []
    assert nonsense.errors(caplog.records) == []


def pages(app: Flask, *, unsafe: bool) -> list[str]:
    return [
        url
        for endpoint, _method, url in routes(app, unsafe=unsafe)
        if endpoint.partition(".")[0] != "static" and endpoint not in DEVELOPMENT | FILES | {"entry.sign_out"}
    ]


def asked(dice: random.Random) -> MultiDict[str, str]:
    return MultiDict((dice.choice(ASKED), nonsense.text(dice)) for _ in range(dice.randrange(1, 4)))


def post(me: Actor, url: str, fields: dict[str, str], dice: random.Random) -> TestResponse:
    """A form filled with nonsense; now and then a field is missing, comes twice, or is one that nobody asked for."""
    filled: MultiDict[str, Any] = MultiDict()
    for name, kind in [*fields.items(), *[(dice.choice(ASKED), "text")] * (dice.random() < 0.2)]:
        for _ in range(dice.choice((0, 1, 1, 1, 2))):
            filled.add(name, _file(dice) if kind == "file" else nonsense.text(dice))
    filled.poplist("csrf_token")
    headers = {"HX-Request": "true"} if dice.random() < 0.3 else {}
    answer: TestResponse = me.browser.post(url, filled, headers=headers)
    return answer


def _file(dice: random.Random) -> tuple[BytesIO, str]:
    name, content = nonsense.content(dice)
    return BytesIO(content), name
