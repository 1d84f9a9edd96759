"""Office: the administrators' wing."""

from flask import Blueprint

office = Blueprint("office", __name__, url_prefix="/office")

from app.pages.office import (  # noqa: E402,F401  (the routes register themselves)
    channels,
    first_steps,
    inbox,
    list_form,
    lists,
    settings,
)
