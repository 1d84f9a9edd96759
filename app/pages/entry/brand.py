"""The bank's colour as a style sheet: strict CSP leaves no room for a style attribute."""

from flask import Response

from app.pages.entry import entry
from app.pages.guard import public
from app.pages.templating import brand_colour, ink_on


@entry.get("/brand.css")
@public
def brand_css() -> Response:
    colour = brand_colour()
    sheet = f":root {{ --bank: {colour}; --bank-ink: {ink_on(colour)}; }}\n"
    return Response(sheet, mimetype="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"})
