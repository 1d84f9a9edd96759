"""Law 4: a fragment has one root with an id, needs no request and no viewer, and is the same in page and push."""

import ast
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from tests.house.markup import roots, tags
from tests.house.source import ROOT, Source, sources

JINJA = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
TEMPLATES = ROOT / "app" / "templates"
# Known only where a person is looking: a fragment that asks for one would differ from reader to reader.
PERSONAL = {
    "viewer",
    "current_user",
    "request",
    "session",
    "g",
    "csrf_token",
    "menu",
    "url_for",
    "get_flashed_messages",
}


def test_every_pushed_fragment_is_lawful(app: Flask) -> None:
    assert [found for source in pushed() for found in faults(source, app.jinja_env)] == []


def test_fragments_answered_to_htmx_have_one_root_with_an_id() -> None:
    assert [found for source in answered() for found in rootless(source)] == []


@pytest.mark.parametrize(
    "planted",
    [
        "<li>no id</li>",
        '<li id="a"></li><li id="b"></li>',
        "only words",
        '<li id="a">{{ viewer.name }}</li>',
        '<li id="a">{% if viewer.may("x") %}!{% endif %}</li>',
        '<li id="a"><form method="post"></form></li>',
        '<li id="a">{{ csrf_token() }}</li>',
        '<li id="a"><button formaction="/take">Take</button></li>',
        '<li id="a"><a href="{{ url_for(\'desk.chats\') }}">all</a></li>',
    ],
)
def test_an_unlawful_fragment_is_found(planted: str) -> None:
    assert list(faults(Source("desk/_bad.html", planted), JINJA))


def test_a_lawful_fragment_passes() -> None:
    text = '{% from "parts/icon.html" import icon %}<li id="chat-{{ chat.id }}"><button form="act" formaction="/x">'
    assert list(faults(Source("desk/_good.html", text), JINJA)) == []


def pushed() -> list[Source]:
    """Templates named in app/live."""
    return _named_in(sources("app/live"))


def answered() -> list[Source]:
    """`_fragment.html` named in pages; a toast is appended, not swapped by its id."""
    return [one for one in _named_in(sources("app/pages")) if "/_" in one.path and one.path != "parts/_toast.html"]


def _named_in(files: list[Source]) -> list[Source]:
    names = {
        node.value
        for source in files
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[\w/]+\.html", node.value)
    }
    return [Source(name, (TEMPLATES / name).read_text()) for name in sorted(names)]


def faults(source: Source, jinja: Environment) -> Iterator[str]:
    yield from rootless(source)
    for tag in tags(source):
        if tag.name == "form":
            yield source.at(tag.line, "a pushed fragment has no form of its own")
        if "formaction" in tag.attributes and tag.attributes.get("form") != "act":
            yield source.at(tag.line, 'a button of a pushed fragment says form="act"')
    for name in jinja.parse(source.text).find_all(nodes.Name):
        if name.name in PERSONAL and name.ctx == "load":
            yield source.at(name.lineno, f"a fragment does not know {name.name}")


def rootless(source: Source) -> Iterator[str]:
    found = roots(source)
    if len(found) != 1 or "id" not in found[0].attributes:
        yield source.at(1, f"one root with an id, not {[tag.name for tag in found]}")
