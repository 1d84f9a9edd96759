"""Templates as the browser would meet them: what Jinja says is taken out, tags are walked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.house.source import Source

_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
_JINJA = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Tag:
    name: str
    attributes: dict[str, str]
    line: int
    depth: int
    inside: list[str] = field(default_factory=list)


def without_comments(text: str) -> str:
    return _COMMENT.sub(_blank, text)


def tags(source: Source) -> list[Tag]:
    """Every tag with its depth and the names of those around it."""
    walker = _Walker()
    walker.feed(_JINJA.sub(_filled, without_comments(source.text)))
    return walker.tags


def roots(source: Source) -> list[Tag]:
    return [tag for tag in tags(source) if tag.depth == 0]


def _blank(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _filled(found: re.Match[str]) -> str:
    """A value stays as a word, so that an attribute made by Jinja is not an empty one; lines keep their numbers."""
    return ("x" if found[0].startswith("{{") else " ") + "\n" * found[0].count("\n")


class _Walker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.append(Tag(tag, values, self.getpos()[0], len(self._open), list(self._open)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass


def forms(source: Source) -> Iterator[tuple[int, str]]:
    """(line, text) of each form, with everything Jinja says in it."""
    text = without_comments(source.text)
    for found in re.finditer(r"<form\b.*?</form>", text, re.DOTALL):
        yield text.count("\n", 0, found.start()) + 1, found[0]
