"""Law 5 and the strict CSP: nothing inline, and every form works without JavaScript."""

import re
from collections.abc import Iterator

import pytest

from tests.house.markup import forms, tags, without_comments
from tests.house.source import Source, sources, templates

# Attributes handed to a macro: {'style': …}, {'onclick': …}
_HANDED = re.compile(r"""['"](style|on[a-z]+|hx-on[\w:-]*)['"]\s*:""")
_ASKS = {"hx-post", "hx-put", "hx-patch", "hx-delete"}


def test_nothing_is_inline() -> None:
    assert [found for source in templates() for found in inline(source)] == []


def test_scripts_make_no_code_of_text() -> None:
    assert [found for source in sources("app/static/js", ending=".js") for found in evaluated(source)] == []


@pytest.mark.parametrize(
    "planted",
    [
        "<script>alert(1)</script>",
        "<style>p { color: red }</style>",
        '<p style="color: {{ colour }}">',
        '<button onclick="go()">',
        '<a href="javascript:go()">',
        '<div hx-on:click="go()">',
        '<script src="https://cdn.example/x.js"></script>',
        '<img src="//cdn.example/x.png">',
        "{{ button('x', attrs={'style': 'color: red'}) }}",
    ],
)
def test_what_is_inline_or_foreign_is_found(planted: str) -> None:
    assert list(inline(Source("bad.html", planted)))


@pytest.mark.parametrize(
    "planted", ["eval(text)", "new Function(text)", 'el.setAttribute("style", x)', 'el.style.cssText = "x"']
)
def test_code_of_text_is_found(planted: str) -> None:
    assert list(evaluated(Source("bad.js", planted)))


def test_every_form_works_without_javascript() -> None:
    # The style guide shows parts that lead nowhere.
    real = [source for source in templates() if "/styleguide/" not in source.path]
    assert [found for source in real for found in crippled(source)] == []


@pytest.mark.parametrize(
    "planted",
    [
        "<form><input name=q></form>",
        '<form method="post"><button>Save</button></form>',
        '<button hx-post="/take">Take</button>',
        '<button formaction="/take">Take</button>',
        '<a hx-delete="/x">x</a>',
    ],
)
def test_a_form_that_needs_javascript_is_found(planted: str) -> None:
    assert list(crippled(Source("bad.html", planted)))


def test_good_forms_pass() -> None:
    text = (
        '<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}"></form>'
        '<form method="get" action="/x"><input name="q"></form>'
        '<button form="act" formaction="/take" hx-post="/take">Take</button>'
    )
    assert list(crippled(Source("good.html", text))) == []


def inline(source: Source) -> Iterator[str]:
    text = without_comments(source.text)
    for found in _HANDED.finditer(text):
        yield source.at(text.count("\n", 0, found.start()) + 1, f"hands over {found[1]}")
    for tag in tags(source):
        names = tag.attributes
        if tag.name == "style" or tag.name == "script" and "src" not in names:
            yield source.at(tag.line, f"an inline {tag.name}")
        for name, value in names.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                yield source.at(tag.line, f"an inline {name}")
            if name in ("href", "src", "action", "formaction") and value.strip().lower().startswith("javascript:"):
                yield source.at(tag.line, "a script as an address")
            if name in ("src", "srcset") and value.startswith(("http:", "https:", "//")):
                yield source.at(tag.line, "a part from another machine")


def evaluated(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if re.search(r"""\beval\(|new Function\(|setAttribute\(\s*["']style|\.cssText\b|setTimeout\(\s*["'`]""", line):
            yield source.at(number, "code or style made of text")


def crippled(source: Source) -> Iterator[str]:
    for line, text in forms(source):
        opening = text[: text.index(">") + 1]
        method = re.search(r"""method=["']?(\w+)""", opening)
        if method is None:
            yield source.at(line, "a form says its method")
        # At the doors the signed address is the proof: no cookie is read there, so nothing can be forged.
        elif method[1].lower() == "post" and "csrf_token" not in text and "/doors/" not in source.path:
            yield source.at(line, "a form that changes something carries the token")
    for tag in tags(source):
        asks = _ASKS & tag.attributes.keys()
        way = tag.name == "form" or "formaction" in tag.attributes
        if asks and not way:
            yield source.at(tag.line, f"{', '.join(asks)} without a way for a browser that runs no script")
        if "formaction" in tag.attributes and "form" not in tag.attributes and "form" not in tag.inside:
            yield source.at(tag.line, "a button with formaction belongs to a form")
