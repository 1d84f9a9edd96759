"""Texts as Telegram counts them: entities in UTF-16 units, cut into messages without cutting a character or a link."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from app.base.text import clean, split_utf16, utf16_len
from app.channels.contract import Span

LONGEST = 1 << 16  # characters of one incoming text; Telegram's own limit is far below
Piece = tuple[str, tuple[Span, ...]]

# What a bot may ask for; Telegram finds urls, mentions and the like by itself.
SENDABLE = frozenset(
    {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "blockquote", "text_link"}
)


def received(text: str, entities: Sequence[dict[str, Any]]) -> Piece:
    """The cleaned text and its spans in code points. Entities that point outside the text are cut or dropped."""
    cleaned = clean(text, LONGEST)
    spans = [_span(text, _units(text), entity) for entity in entities]
    kept = [span for span in spans if span is not None]
    return cleaned, tuple(kept if cleaned == text else _moved(text, cleaned, kept))


def entities(text: str, markup: Sequence[Span]) -> list[dict[str, Any]]:
    """The spans of a text to send as MessageEntity objects."""
    units = _units(text)
    return [_entity(units, span) for span in _inside(markup, 0, len(text)) if span.kind in SENDABLE]


def cut(text: str, markup: Sequence[Span], limit: int) -> list[Piece]:
    """Pieces of at most `limit` UTF-16 units. A span stays whole unless it is longer than a piece itself."""
    pieces: list[Piece] = []
    start = 0
    while utf16_len(text[start:]) > limit:
        end = _end(text, start, markup, limit)
        pieces.append(_piece(text, markup, start, end))
        start = end
    pieces.append(_piece(text, markup, start, len(text)))
    return [piece for piece in pieces if piece[0]] or [("", ())]


def _units(text: str) -> list[int]:
    """Position in UTF-16 units of each code point, and of the end."""
    return [0, *accumulate(2 if ord(letter) > 0xFFFF else 1 for letter in text)]


def _span(text: str, units: list[int], entity: dict[str, Any]) -> Span | None:
    kind, offset, length = entity.get("type"), entity.get("offset"), entity.get("length")
    if not isinstance(kind, str) or type(offset) is not int or type(length) is not int or offset < 0 or length < 1:
        return None
    start, end = (min(bisect_left(units, place), len(text)) for place in (offset, offset + length))
    url = entity.get("url")
    link = clean(url, 2048) if isinstance(url, str) else ""
    return Span(clean(kind, 32), start, end - start, link) if end > start else None


def _moved(text: str, cleaned: str, spans: Sequence[Span]) -> list[Span]:
    """Spans of the raw text, carried over to the cleaned one."""
    moved = []
    for span in spans:
        start, end = (_place(text, cleaned, place) for place in (span.start, span.start + span.length))
        if start < end:
            moved.append(Span(span.kind, start, end - start, span.url))
    return moved


def _place(text: str, cleaned: str, place: int) -> int:
    return min(len(clean(text[:place], LONGEST)), len(cleaned))


def _entity(units: list[int], span: Span) -> dict[str, Any]:
    start, end = units[span.start], units[span.start + span.length]
    entity: dict[str, Any] = {"type": span.kind, "offset": start, "length": end - start}
    return {**entity, "url": span.url} if span.kind == "text_link" else entity


def _end(text: str, start: int, markup: Sequence[Span], limit: int) -> int:
    """Where the piece from `start` ends: where a reader would cut, but before a span that still fits a piece."""
    parts = split_utf16(text[start:], limit)
    if not parts:
        return len(text)
    end = text.index(parts[0], start) + len(parts[0])
    while (crossing := _crossing(text, start, end, markup, limit)) is not None:
        end = crossing
    return end


def _crossing(text: str, start: int, end: int, markup: Sequence[Span], limit: int) -> int | None:
    for span in markup:
        after = span.start + span.length
        if start < span.start < end < after and utf16_len(text[span.start : after]) <= limit:
            return span.start
    return None


def _piece(text: str, markup: Sequence[Span], start: int, end: int) -> Piece:
    """The stretch without the white space around it, and the spans inside."""
    stretch = text[start:end]
    start += len(stretch) - len(stretch.lstrip())
    stretch = stretch.strip()
    return stretch, tuple(_inside(markup, start, start + len(stretch)))


def _inside(markup: Sequence[Span], start: int, end: int) -> list[Span]:
    found = []
    for span in markup:
        left, right = max(span.start, start), min(span.start + span.length, end)
        if left < right:
            found.append(Span(span.kind, left - start, right - left, span.url))
    return found
