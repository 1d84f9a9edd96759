"""Files of chats: shown to who may see the chat, attached by who answers. A client's file never runs here."""

import re
from collections.abc import Iterator
from typing import BinaryIO, cast
from urllib.parse import quote
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.actions import uploads
from app.base.filenames import safe_name
from app.base.storage import FileBroken, FileMissing
from app.models.chat import ANSWER, READ
from app.pages.desk import desk
from app.pages.guard import needs, now, viewer
from app.pages.respond import wants_fragment
from app.queries import visible
from app.queries.files import storage

# Only what a browser shows without running anything; the rest is saved. SVG and HTML are programs.
_SHOWN = {
    "image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/avif",
    "audio/mpeg", "audio/ogg", "audio/wav", "audio/x-wav", "audio/mp4", "audio/aac", "audio/webm", "audio/flac",
    "video/mp4", "video/webm", "video/ogg", "video/quicktime", "application/pdf",
}  # fmt: skip
_SEALED = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
# Browsers refuse to show a PDF in a sandbox; their viewers run nothing of it on our page.
_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"


@desk.get("/files/<uuid:file_id>")
@needs(READ)
def file(file_id: UUID) -> Response:
    found = visible.file(viewer(), file_id)
    if found.stored_id is None:
        abort(404)
    try:
        size = storage().size(found.stored_id)
        start, end = _range(size)
        parts = storage().open(found.stored_id, start, end)
    except (FileMissing, FileBroken):
        abort(404)
    mime = found.mime.partition(";")[0].strip().lower()
    shown = mime in _SHOWN
    answer = Response(_bodied(parts), status=206 if "Range" in request.headers else 200)
    answer.headers["Content-Type"] = mime if shown else "application/octet-stream"
    answer.headers["Content-Length"] = str(end - start)
    answer.headers["Accept-Ranges"] = "bytes"
    if answer.status_code == 206:
        answer.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    answer.headers["Content-Disposition"] = _disposition(found.name, shown)
    answer.headers["Content-Security-Policy"] = _PDF if mime == "application/pdf" else _SEALED
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


@desk.post("/chats/<int:chat_id>/files")
@needs(ANSWER)
def attach(chat_id: int) -> AnyResponse:
    """Keep one file for the composer. Without scripts the page comes back with it attached."""
    visible.chat(viewer(), chat_id)
    sent = request.files.get("upload")
    if sent is None or not sent.filename:
        abort(400)
    file_id = uploads.keep(chat_id, cast(BinaryIO, sent.stream), sent.filename, now())
    if wants_fragment():
        return make_response(render_template("desk/_attached.html", id=file_id, name=safe_name(sent.filename)))
    return redirect(f"/chats/{chat_id}?attached={file_id}", 303)


def _range(size: int) -> tuple[int, int]:
    """The bytes asked for, from first to before last (RFC 9110, section 14). One range; what cannot be met is 416."""
    asked = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", request.headers.get("Range", "bytes=0-"))
    if asked is None or not (asked[1] or asked[2]):
        abort(416)
    if not asked[1]:
        start, end = max(size - int(asked[2]), 0), size
    else:
        start, end = int(asked[1]), min(int(asked[2]) + 1 if asked[2] else size, size)
    if start >= end and size:
        abort(416)
    return start, end


def _bodied(parts: Iterator[bytes]) -> Iterator[bytes]:
    return iter(()) if request.method == "HEAD" else parts


def _disposition(name: str, shown: bool) -> str:
    ascii_name = re.sub(r"[^A-Za-z0-9._-]", "_", name) or "file"
    return f"{'inline' if shown else 'attachment'}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
