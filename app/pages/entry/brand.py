"""The bank's look: its colour as a style sheet, for strict CSP leaves no room for a style attribute; its logo."""

from flask import Response, abort

from app.base.pictures import MIME
from app.pages.entry import entry
from app.pages.guard import public
from app.pages.templating import brand_colour, ink_on
from app.queries import pictures

_FOR_A_YEAR = "public, max-age=31536000, immutable"


@entry.get("/brand.css")
@public
def brand_css() -> Response:
    colour = brand_colour()
    sheet = f":root {{ --bank: {colour}; --bank-ink: {ink_on(colour)}; }}\n"
    return Response(sheet, mimetype="text/css", headers={"Cache-Control": _FOR_A_YEAR})


@entry.get("/brand/<digest>.png")
@public
def brand_picture(digest: str) -> Response:
    """A picture of the settings, as it was drawn when it was brought."""
    content = pictures.content(digest)
    if content is None:
        abort(404)
    answer = Response(content, mimetype=MIME, headers={"Cache-Control": _FOR_A_YEAR})
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    return answer
