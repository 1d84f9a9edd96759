"""A piece of news, its files, and "I have read it"."""

import re
from urllib.parse import quote
from uuid import UUID

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import news as verbs
from app.base.storage import FileBroken, FileMissing
from app.pages.guard import now, origin, signed_in, viewer
from app.pages.me import me
from app.pages.respond import done, wants_fragment
from app.queries import news, visible
from app.queries.files import storage
from app.queries.visible import NotVisible

# Only pictures without programs in them are shown on a page; the rest is saved.
_SHOWN = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/avif"}


@me.get("/news/<int:news_id>")
@signed_in
def news_page(news_id: int) -> Response:
    try:
        shown = news.one(viewer().person_id, news_id, now())
    except NotVisible:
        abort(404)
    return make_response(render_template("me/news.html", news=shown, files=news.files(news_id)))


@me.post("/news/<int:news_id>/confirm")
@signed_in
def confirm_news(news_id: int) -> AnyResponse:
    verbs.confirm(news_id, viewer(), origin(), now())
    if wants_fragment():
        return Response("")  # the window over the page goes
    there = request.form.get("next", "")
    ours = there.startswith("/") and not there.startswith(("//", "/\\"))
    return done(there if ours else url_for("me.notifications"), _("Marked as read."))


@me.get("/news/files/<uuid:file_id>")
@signed_in
def news_file(file_id: UUID) -> Response:
    """For whom the news is, and for its authors."""
    try:
        found = visible.news_file(viewer(), file_id, now())
        size, parts = storage().size(found.stored_id), storage().open(found.stored_id)
    except (NotVisible, FileMissing, FileBroken):
        abort(404)
    mime = found.mime.partition(";")[0].strip().lower()
    answer = Response(parts)
    answer.headers["Content-Type"] = mime if mime in _SHOWN else "application/octet-stream"
    answer.headers["Content-Length"] = str(size)
    answer.headers["Content-Disposition"] = _disposition(found.name, mime in _SHOWN)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; img-src 'self'; sandbox"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def _disposition(name: str, shown: bool) -> str:
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name) or "file"
    return f"{'inline' if shown else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
