"""Me: the wing of one's own profile, password, second factor and sessions."""

from flask import Blueprint

me = Blueprint("me", __name__, url_prefix="/me")

from app.pages.me import (  # noqa: E402,F401  (the routes register themselves)
    bell,
    factor,
    news,
    notifications,
    numbers,
    password,
    profile,
    sessions,
)
