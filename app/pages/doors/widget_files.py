"""Files of the dialogue, by links that only we can make and that end tomorrow."""

import re
from urllib.parse import quote
from uuid import UUID

from flask import Response, abort, request

from app.base.storage import FileBroken, FileMissing
from app.live import widget as live
from app.pages.doors import doors
from app.pages.guard import public
from app.queries import widget
from app.queries.files import storage

# What a browser shows or plays without running anything; the rest is saved.
_SHOWN = re.compile(r"image/(jpeg|png|gif|webp|bmp|avif)|audio/[\w.-]+|video/(mp4|webm|ogg|quicktime)")


@doors.get("/widget/files/<uuid:of>")
@public
def widget_file(of: UUID) -> Response:
    found = widget.file(of) if live.is_link(of, request.args.get("day", ""), request.args.get("mark", "")) else None
    if found is None:
        abort(404)
    stored_id, name, mime = found
    try:
        size = storage().size(stored_id)
        start, end = _range(size)
        parts = storage().open(stored_id, start, end)
    except (FileMissing, FileBroken):
        abort(404)
    shown = _SHOWN.fullmatch(mime) is not None
    answer = Response(parts if request.method == "GET" else None, status=206 if "Range" in request.headers else 200)
    answer.headers["Content-Type"] = mime if shown else "application/octet-stream"
    answer.headers["Content-Length"] = str(end - start)
    answer.headers["Accept-Ranges"] = "bytes"
    if answer.status_code == 206:
        answer.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    kind = "inline" if shown else "attachment"
    answer.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def _range(size: int) -> tuple[int, int]:
    """First byte and the one behind the last (RFC 9110, section 14); players ask for one range."""
    asked = re.fullmatch(r"bytes=(\d{1,15})-(\d{0,15})", request.headers.get("Range", "bytes=0-"))
    if asked is None:
        abort(416)
    start, end = int(asked[1]), min(int(asked[2]) + 1 if asked[2] else size, size)
    if start >= end and size:
        abort(416)
    return start, end
