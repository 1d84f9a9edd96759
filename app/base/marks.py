"""Where a text says what was searched for, to be marked for the eye: in either script, in any form of the word."""

import re
from typing import NamedTuple

from app.base.fold import words
from app.base.tokens import asked_stems, meets

_WORD = re.compile(r"[^\W_](?:[\w'`´ʹʻʼʽ‘’‛′＇]*\w|[ʻʼ'’‘])?")


class Piece(NamedTuple):
    text: str
    found: bool


def pieces(text: str, query: str) -> list[Piece]:
    """The text cut where the words of the query begin and end."""
    asked, cut, end = asked_stems(query), [], 0
    for match in _WORD.finditer(text) if asked else ():
        if any(meets(asked, word) for word in words(match[0])):
            cut += [Piece(text[end : match.start()], False), Piece(match[0], True)]
            end = match.end()
    return [piece for piece in [*cut, Piece(text[end:], False)] if piece.text]


def excerpt(text: str, query: str, length: int = 180) -> list[Piece]:
    """The part of a text around the first word found, marked; an ellipsis where it was cut."""
    flat = " ".join(text.split())
    cut = pieces(flat, query)
    if len(flat) <= length:
        return cut
    first = next((len("".join(one.text for one in cut[:place])) for place, one in enumerate(cut) if one.found), 0)
    start = max(0, first - length // 3)
    if start:
        start = flat.find(" ", start, first) + 1 or start
    shown = pieces(flat[start : start + length], query)
    before = [Piece("…", False)] if start else []
    after = [Piece("…", False)] if start + length < len(flat) else []
    return [*before, *shown, *after]
