"""Language and theme: one click, remembered per person (clause 8.3)."""

from flask import abort, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from app.actions import people
from app.base.locale import LOCALES
from app.pages.entry import entry
from app.pages.entry.sign_in import _inside
from app.pages.guard import public, signed_in, viewer
from app.pages.respond import done

THEMES = ("auto", "light", "dark", "contrast")


@entry.post("/language")
@public
def choose_language() -> AnyResponse:
    locale = request.form.get("locale", "")
    if locale not in LOCALES:
        abort(404)
    if g.viewer is not None:
        people.choose_locale(viewer(), locale)
    answer = redirect(_inside(request.form.get("next")), 303)
    answer.set_cookie("language", locale, max_age=365 * 86400, samesite="Lax", httponly=True)
    return answer


@entry.post("/theme")
@signed_in
def choose_theme() -> AnyResponse:
    theme = request.form.get("theme", "")
    if theme not in THEMES:
        abort(404)
    people.choose_theme(viewer(), theme)
    return done(_inside(request.form.get("next")))
