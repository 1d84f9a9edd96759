"""Simple markup of employees' texts into HTML that is safe to show.

A blank line ends a paragraph; `## ` begins a heading, `- ` and `1. ` an item, `> ` a quotation; `**bold**`, `*italic*`,
`[words](https://…)`, `![words](2)` is the picture number 2. Everything else is text. Two walls: what was written is
escaped before it is read, and what comes out passes bleach and nh3 with a short list of tags (docs/decisions/html.md).
"""

import re
from collections.abc import Iterator, Mapping
from html import escape

import bleach  # type: ignore[import-untyped]
import nh3

_TAGS = ("p", "br", "h3", "ul", "ol", "li", "blockquote", "b", "i", "a", "img")
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
_PROTOCOLS = ("http", "https", "mailto", "tel")
# Whoever follows a link keeps the desk.
_ALWAYS = {"a": {"target": "_blank"}}

_PICTURE = re.compile(r"!\[([^\]\n]*)\]\((\d{1,4})\)")
_LINK = re.compile(r"\[([^\]\n]+)\]\(((?:https?://|mailto:|tel:|/(?!/))[^\s)]*)\)")
_BARE = re.compile(r"(?<![\"'(>=\w/])(https?://[^\s<]*[^\s<.,;:!?)])")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ITALIC = re.compile(r"(?<!\*)\*(?=[^\s*])(.+?)(?<=[^\s*])\*(?!\*)")
_BLOCKS = (
    (re.compile(r"#{1,6} +(.*)"), "h3", ""),
    (re.compile(r"[-*•] +(.*)"), "li", "ul"),
    (re.compile(r"\d{1,3}[.)] +(.*)"), "li", "ol"),
    (re.compile(r"&gt; ?(.*)"), "", "blockquote"),
)


def to_html(text: str, pictures: Mapping[int, str] | None = None) -> str:
    """The text as HTML. `pictures`: addresses on this server by their numbers; one that is not there is left out."""
    blocks = "".join(_block(part, pictures or {}) for part in re.split(r"\n\s*\n", _lined(text)) if part.strip())
    clean = bleach.clean(blocks, tags=_TAGS, attributes=_passes, protocols=_PROTOCOLS, strip=True)
    return nh3.clean(
        clean,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        url_schemes=set(_PROTOCOLS),
        link_rel="noopener noreferrer",
        set_tag_attribute_values=_ALWAYS,
    )


def pictures_in(text: str) -> set[int]:
    """Numbers of the pictures that stand in the text."""
    return {int(number) for _words, number in _PICTURE.findall(text)}


def _lined(text: str) -> str:
    return escape(text.replace("\r\n", "\n").replace("\r", "\n"), quote=True)


def _block(part: str, pictures: Mapping[int, str]) -> str:
    """Lines of one kind that follow each other are one element."""
    html = []
    for tag, holder, lines in _runs(part.strip("\n").split("\n")):
        inside = [_inline(line, pictures) for line in lines]
        if not tag and not holder:
            html.append(f"<p>{'<br>'.join(inside)}</p>")
        elif holder:
            held = "".join(f"<{tag}>{one}</{tag}>" for one in inside) if tag else f"<p>{'<br>'.join(inside)}</p>"
            html.append(f"<{holder}>{held}</{holder}>")
        else:
            html += [f"<{tag}>{one}</{tag}>" for one in inside]
    return "".join(html)


def _runs(lines: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    runs: list[tuple[str, str, list[str]]] = []
    for line in lines:
        tag, holder, said = _kind(line.strip())
        if runs and runs[-1][:2] == (tag, holder):
            runs[-1][2].append(said)
        else:
            runs.append((tag, holder, [said]))
    yield from runs


def _kind(line: str) -> tuple[str, str, str]:
    for pattern, tag, holder in _BLOCKS:
        found = pattern.fullmatch(line)
        if found:
            return tag, holder, found[1]
    return "", "", line


def _inline(line: str, pictures: Mapping[int, str]) -> str:
    def picture(found: re.Match[str]) -> str:
        source = pictures.get(int(found[2]))
        return f'<img src="{escape(source)}" alt="{found[1]}">' if source else ""

    line = _PICTURE.sub(picture, line)
    line = _LINK.sub(r'<a href="\2">\1</a>', line)
    line = _BARE.sub(r'<a href="\1">\1</a>', line)
    return _ITALIC.sub(r"<i>\1</i>", _BOLD.sub(r"<b>\1</b>", line))


def _passes(tag: str, name: str, value: str) -> bool:
    """Links lead anywhere by a plain protocol; pictures come from this server only."""
    if name not in _ATTRIBUTES.get(tag, ()):
        return False
    return tag == "a" or name == "alt" or re.fullmatch(r"/[\w./-]+", value) is not None
