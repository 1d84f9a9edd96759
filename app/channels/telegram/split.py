"""One message of ours → parts of one call each, so that each has one outcome and a retry repeats nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from app.base.text import utf16_len
from app.channels.contract import Outgoing, OutgoingFile, OutgoingKind
from app.channels.telegram import text
from app.channels.telegram.limits import LIMITS

NO_CAPTION = frozenset(("video_note", "location"))
# Albums hold photos with videos, or documents alone, or music alone.
_FAMILIES: dict[OutgoingKind, str] = {"image": "seen", "video": "seen", "audio": "heard"}


def split(part: Outgoing) -> tuple[Outgoing, ...]:
    """Parts in sending order: a quote stays with the first, buttons with the last; a long text precedes its files."""
    if part.kind == "text":
        parts = _texts(part)
    else:
        parts = list(_files(part))
        parts = _captioned(part, parts)
    bare = [replace(each, buttons=(), reply_to="") for each in parts]
    bare[0] = replace(bare[0], reply_to=part.reply_to)
    bare[-1] = replace(bare[-1], buttons=part.buttons)
    return tuple(bare)


def file_kind(file: OutgoingFile) -> OutgoingKind:
    """What Telegram would show a file of an album as."""
    if file.mime in ("image/jpeg", "image/png", "image/webp"):
        return "image" if file.size <= LIMITS.image else "document"
    if file.mime == "video/mp4":
        return "video"
    return "audio" if file.mime in ("audio/mpeg", "audio/mp4") else "document"


def _texts(part: Outgoing) -> list[Outgoing]:
    pieces = text.cut(part.text, part.markup, LIMITS.text)
    return [replace(part, kind="text", text=words, markup=markup, files=(), place=None) for words, markup in pieces]


def _captioned(part: Outgoing, parts: list[Outgoing]) -> list[Outgoing]:
    """The text goes with the only file, else before all of them; behind an album, which cannot carry buttons."""
    if not part.text.strip():
        return parts
    only = parts[0]
    fits = len(parts) == 1 and only.kind not in NO_CAPTION and utf16_len(part.text) <= LIMITS.caption
    if fits and not (only.kind == "album" and part.buttons):
        return [replace(only, text=part.text, markup=part.markup)]
    return [*parts, *_texts(part)] if parts[-1].kind == "album" and part.buttons else [*_texts(part), *parts]


def _files(part: Outgoing) -> Iterator[Outgoing]:
    bare = replace(part, text="", markup=())
    if part.kind != "album" or not part.files:
        yield bare
        return
    for _, files in groupby(part.files, lambda file: _FAMILIES.get(file_kind(file), "kept")):
        for chunk in _chunks(list(files)):
            kind: OutgoingKind = "album" if len(chunk) > 1 else file_kind(chunk[0])
            yield replace(bare, kind=kind, files=tuple(chunk))


def _chunks(files: Sequence[OutgoingFile]) -> Iterator[Sequence[OutgoingFile]]:
    for start in range(0, len(files), LIMITS.album):
        yield files[start : start + LIMITS.album]
