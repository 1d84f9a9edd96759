"""The structure of the database, step by step. Only what changes it loads this: Alembic weighs ten megabytes."""

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from app.models.db import db


def attach(app: Flask) -> None:
    """Let flask_migrate's verbs work on this application."""
    Migrate(app, db, directory=str(Path(__file__).parent))
