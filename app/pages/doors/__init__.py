"""Doors: where other systems ring."""

from flask import Blueprint

doors = Blueprint("doors", __name__)

from app.pages.doors import hooks  # noqa: E402,F401  (the routes register themselves)
