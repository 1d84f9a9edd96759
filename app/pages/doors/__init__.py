"""Doors: where other systems ring, and the bank's clients on its own site."""

from flask import Blueprint

doors = Blueprint("doors", __name__)

from app.pages.doors import (  # noqa: E402,F401  (the routes register themselves)
    rate,
    widget,
    widget_files,
    widget_moves,
    widget_socket,
    widget_talk,
)
