"""Names of files from outside, made harmless for a screen, a header and any disk."""

import re
import unicodedata

from app.base.graphemes import safe_cut

_CHARACTERS, _BYTES, _EXTENSION = 120, 200, 10

# Controls, direction marks (behind U+202E "gpj.exe" reads as "exe.jpg") and zero-width characters.
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


def safe_name(name: str) -> str:
    """The last part of a name without anything that hides, escapes a folder or is reserved by Windows; never empty."""
    name = _HIDDEN.sub("", unicodedata.normalize("NFC", name))
    name = re.split(r"[/\\\u2044\u2215\u29f8\uff0f\uff3c]", name.rstrip("/\\ "))[-1]
    name = " ".join(_FORBIDDEN.sub("_", name).split()).strip(". ")
    if not name:
        return "file"
    return _fitting(f"_{name}" if _RESERVED.fullmatch(name) else name)


def _fitting(name: str) -> str:
    """Cut in front of the extension."""
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > _EXTENSION:
        stem, dot, extension = name, "", ""
    size = _CHARACTERS - len(dot + extension)
    while len(stem) > size or len((stem + dot + extension).encode()) > _BYTES:
        stem = stem[: safe_cut(stem, min(size, len(stem) - 1))]
    return stem.rstrip(". ") + dot + extension
