"""Law 4: a fragment has one root with an id, needs no request and no viewer, and is the same in page and push."""

import ast
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import Environment, nodes
from psycopg import Connection

from app.base import wire
from app.live import audience
from tests.cast import Cast
from tests.house.markup import roots, tags
from tests.house.source import ROOT, Source, sources
from tests.writes import Client

JINJA = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
TEMPLATES = ROOT / "app" / "templates"
# Known only where a person is looking: a fragment that asks for one would differ from reader to reader.
PERSONAL = {"viewer", "current_user", "request", "session", "g", "csrf_token", "menu", "get_flashed_messages"}


def test_no_pushed_template_asks_who_is_reading() -> None:
    assert pushed() != []
    assert [found for source in pushed() for found in faults(source)] == []


@pytest.mark.parametrize(
    "planted",
    [
        '<li id="a">{{ viewer.name }}</li>',
        '<li id="a">{% if viewer.may("x") %}!{% endif %}</li>',
        '<li id="a"><form method="post"></form></li>',
        '<li id="a">{{ csrf_token() }}</li>',
        '<li id="a"><button formaction="/take">Take</button></li>',
        '<li id="a">{% include "frame/_person.html" %}</li>',
    ],
)
def test_an_unlawful_fragment_is_found(planted: str) -> None:
    assert list(faults(Source("desk/_bad.html", planted)))


def test_a_lawful_fragment_passes() -> None:
    text = '{% from "parts/icon.html" import icon %}<li id="chat-{{ chat.id }}"><button form="act" formaction="/x">'
    assert list(faults(Source("desk/_good.html", text))) == []


@pytest.mark.parametrize("planted", ["<li>no id</li>", '<li id="a"></li><li id="b"></li>', "only words", ""])
def test_a_push_without_one_root_with_an_id_is_found(planted: str) -> None:
    assert rootless(planted)
    assert not rootless('<li id="a"><b>x</b></li>')


def test_what_is_pushed_has_one_root_and_stands_in_the_page_byte_for_byte(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(wire, "emit", lambda event, data, room: _hear(heard, event, data, room))
    aziza, dilshod = cast.aziza, Client(app)
    audience.forget()
    chat_id = dilshod.says("Salom! Kartam <bloklandi>, nima qilay?")
    aziza.browser.post(f"/chats/{chat_id}/take")
    aziza.browser.post(f"/chats/{chat_id}/say", {"text": "Hozir qarayman", "client_id": "c1"})
    dilshod.says("Rahmat")
    assert [(room, fault) for room, html in heard if (fault := rootless(html))] == []
    assert not any("<form" in html or "csrf" in html for _room, html in heard)
    page = aziza.browser.get(f"/chats/{chat_id}/changes?since=0").text
    bubbles = [html for room, html in heard if room == f"chat:{chat_id}:ru"]
    assert len(bubbles) >= 3
    assert "&lt;bloklandi&gt;" in "".join(bubbles)
    latest = {re.search(r'id="([^"]+)"', html)[1]: html for html in bubbles}  # type: ignore[index]
    assert [html for html in latest.values() if html not in page] == []


def test_nothing_of_a_chat_is_pushed_in_a_language_nobody_reads(
    app: Flask, cast: Cast, superuser: "Connection[tuple[object, ...]]", monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(wire, "emit", lambda event, data, room: _hear(heard, event, data, room))
    superuser.execute("UPDATE person SET locale = 'uz_Cyrl' WHERE id = %s", [cast.aziza.id])
    audience.forget()
    Client(app).says("Салом")
    assert {room.rpartition(":")[2] for room, _html in heard} == {"uz_Cyrl"}


def _hear(heard: list[tuple[str, str]], event: str, data: dict[str, str], room: str) -> None:
    if event == "fragment":
        heard.append((room, data["html"]))


def pushed() -> list[Source]:
    """Templates named in app/live, with what they include."""
    names = {
        node.value
        for source in sources("app/live")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[\w/]+\.html", node.value)
    }
    return [_template(name) for name in sorted(names)]


def faults(source: Source) -> Iterator[str]:
    tree = JINJA.parse(source.text)
    for include in tree.find_all(nodes.Include):
        if isinstance(include.template, nodes.Const):
            yield from faults(_template(include.template.value))
    for tag in tags(source):
        if tag.name == "form":
            yield source.at(tag.line, "a pushed fragment has no form of its own")
        if "formaction" in tag.attributes and tag.attributes.get("form") != "act":
            yield source.at(tag.line, 'a button of a pushed fragment says form="act"')
    for name in tree.find_all(nodes.Name):
        if name.name in PERSONAL and name.ctx == "load":
            yield source.at(name.lineno, f"a fragment does not know {name.name}")


def rootless(html: str) -> str:
    found = roots(Source("pushed", html))
    return "" if len(found) == 1 and found[0].attributes.get("id") else f"one root with an id, not {html[:80]}"


def _template(name: str) -> Source:
    return Source(name, (TEMPLATES / name).read_text())
