"""Me: the wing of one's own profile, password, second factor and sessions."""

from flask import Blueprint

me = Blueprint("me", __name__, url_prefix="/me")

from app.pages.me import factor, password, profile, sessions  # noqa: E402,F401  (the routes register themselves)
