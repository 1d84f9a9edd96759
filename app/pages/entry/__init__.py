"""Entry: sign-in, sign-out, language, theme, and the lamps that operations look at."""

from flask import Blueprint

entry = Blueprint("entry", __name__)

from app.pages.entry import brand, lamps, personal, sign_in, steps  # noqa: E402,F401  (the routes register themselves)
