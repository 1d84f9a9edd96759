"""What a file is, read from its first bytes and never from its name alone."""

import re
from pathlib import PurePath
from typing import Literal, NamedTuple

import filetype

Family = Literal["image", "video", "audio", "voice", "pdf", "document", "archive", "text", "other"]
HEAD = 16 * 1024  # how many first bytes `sniff` wants


class Kind(NamedTuple):
    mime: str
    extension: str
    family: Family


OTHER = Kind("application/octet-stream", "bin", "other")

# What browsers show by themselves or phones send; other pictures (Photoshop, CAD) are only kept.
_IMAGES = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/avif", "image/heic", "image/tiff"}
_ARCHIVES = {"zip", "rar", "7z", "gz", "tar", "bz2", "xz", "zst", "lz", "Z", "cab", "ar"}

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN_XML = (
    (b"word/", Kind(f"{_OFFICE}.wordprocessingml.document", "docx", "document")),
    (b"xl/", Kind(f"{_OFFICE}.spreadsheetml.sheet", "xlsx", "document")),
    (b"ppt/", Kind(f"{_OFFICE}.presentationml.presentation", "pptx", "document")),
)
_OPEN_DOCUMENT = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}
_OLD_OFFICE = {"doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint"}


def sniff(head: bytes, name: str) -> Kind:
    """The kind of a file by its head. The name only chooses between kinds that look alike inside."""
    extension = PurePath(name).suffix.lower().lstrip(".")
    if head.startswith(b"%PDF-"):
        return Kind("application/pdf", "pdf", "pdf")
    if head.startswith(b"PK\x03\x04"):
        return _zipped(head)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Kind(_OLD_OFFICE[extension], extension, "document") if extension in _OLD_OFFICE else OTHER
    if head.startswith(b"{\\rtf"):
        return Kind("application/rtf", "rtf", "document")
    return _sounding(head) or _guessed(head) or _text(head, extension) or OTHER


def _zipped(head: bytes) -> Kind:
    if found := re.match(rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.(\w+)", head, re.DOTALL):
        kind = found[1].decode().removesuffix("PK")
        if kind in _OPEN_DOCUMENT:
            return Kind(f"application/vnd.oasis.opendocument.{kind}", _OPEN_DOCUMENT[kind], "document")
    if b"[Content_Types].xml" in head or b"_rels/.rels" in head:
        for folder, kind_ in _OPEN_XML:
            if folder in head:
                return kind_
    return Kind("application/zip", "zip", "archive")


def _sounding(head: bytes) -> Kind | None:
    """Sound in containers that also carry film."""
    if head.startswith(b"OggS"):
        voice = b"OpusHead" in head[:512] or b"Speex" in head[:512]
        return Kind("video/ogg", "ogv", "video") if b"theora" in head[:512] else Kind(
            "audio/ogg", "ogg", "voice" if voice else "audio"
        )  # fmt: skip
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        film = re.search(rb"V_VP[89]|V_AV1|V_MPEG", head)
        sound = b"A_" in head and not film
        return Kind("audio/webm", "webm", "voice") if sound else Kind("video/webm", "webm", "video")
    if head.startswith(b"#!AMR"):
        return Kind("audio/amr", "amr", "voice")
    return None


def _guessed(head: bytes) -> Kind | None:
    guess = filetype.guess(head)
    if guess is None:
        return None
    main = guess.mime.split("/")[0]
    if guess.mime in _IMAGES:
        return Kind(guess.mime, guess.extension, "image")
    if main == "video":
        return Kind(guess.mime, guess.extension, "video")
    if main == "audio":
        return Kind(guess.mime, guess.extension, "audio")
    return Kind(guess.mime, guess.extension, "archive") if guess.extension in _ARCHIVES else OTHER


def _text(head: bytes, extension: str) -> Kind | None:
    """Text of any sort, HTML and SVG too, is plain: nothing a client sends may run in an operator's browser."""
    if not head or not _is_text(head):
        return None
    return Kind("text/csv", "csv", "text") if extension == "csv" else Kind("text/plain", "txt", "text")


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character may be cut at the end of the head; anything else is an older Russian encoding or no text.
        text = head.decode("utf-8", "ignore") if error.start > len(head) - 4 else head.decode("cp1251", "replace")
    return not re.search("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]", text)
