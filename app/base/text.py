"""Texts of people: cleaned on the way in, cut and split without breaking a character, found by their words."""

import re
import unicodedata
from itertools import accumulate

from app.base.fold import fold, words
from app.base.graphemes import is_mark, may_cut, safe_cut
from app.base.tokens import matches, query_tokens, search_tokens

__all__ = [
    "clean", "fold", "initials", "matches", "query_tokens", "search_tokens", "shorten", "split_utf16", "utf16_len",
    "words",
]  # fmt: skip

_MARKS_IN_A_ROW = 4

_NEW_LINE = re.compile("\r\n?|[\u2028\u2029\u0085]")
# Controls but tab and new line, lone surrogates, byte order marks, and what turns the direction of reading.
_DROPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u202a-\u202e\u2066-\u2069]")


def clean(text: str, limit: int) -> str:
    """A client's text as it is stored: NFC, no controls, bidi overrides or towers of marks, at most `limit` long."""
    text = _NEW_LINE.sub("\n", text)
    text = unicodedata.normalize("NFC", _DROPPED.sub("", text))
    text = text if text.isascii() else _lower_towers(text)
    return text[: safe_cut(text, limit)]


def _lower_towers(text: str) -> str:
    kept, row = [], 0
    for char in text:
        row = row + 1 if is_mark(char) else 0
        if row <= _MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)


def shorten(text: str, n: int) -> str:
    """One line of at most `n` characters, cut at a word where possible, ending with "…" when cut."""
    line = " ".join(text.split())
    if len(line) <= n:
        return line
    cut = safe_cut(line, n - 1)
    space = line.rfind(" ", 0, cut + 1)
    return line[: space if space >= n // 2 else cut].rstrip(" ,;:-–—") + "…"


def initials(name: str) -> str:
    """Two letters for an avatar: of the first two names, or of the only one; "?" when there is none."""
    names = [found for found in re.split(r"[\s.\-_]+", name) if any(char.isalpha() for char in found)]
    letters = [next(char for char in found if char.isalpha()) for found in names[:2]]
    return "".join(letters).upper()[:2] or "?"


def utf16_len(text: str) -> int:
    """Length in UTF-16 code units, as Telegram and browsers count."""
    return len(text) + sum(char > "\uffff" for char in text)


def split_utf16(text: str, limit: int) -> list[str]:
    """Parts of at most `limit` UTF-16 units, cut between paragraphs, sentences or words, and only then inside a word.

    Spaces around a cut are dropped, nothing else is. No character is broken, unless one is longer than the limit.
    """
    if limit < 2:
        raise ValueError("a part has room for at least one character")
    parts = []
    while utf16_len(text) > limit:
        cut = _best_cut(text, _fitting(text, limit))
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [part for part in [*parts, text] if part]


def _fitting(text: str, limit: int) -> int:
    """How many characters of the text fit into `limit` units."""
    sizes = accumulate(2 if char > "\uffff" else 1 for char in text[:limit])
    return sum(size <= limit for size in sizes)


_BREAKS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…;])\s+"), re.compile(r"\s+"))


def _best_cut(text: str, end: int) -> int:
    """The last good place up to `end`, of a finer kind where a coarser one would leave a part nearly empty."""
    for kind in _BREAKS:
        spaces = [match.span() for match in kind.finditer(text, 0, end + 1)]
        places = [start for start, stop in spaces if start <= end and may_cut(text, start) and may_cut(text, stop)]
        if places and places[-1] >= max(end // 3, 1):
            return places[-1]
    return safe_cut(text, end)
