from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import text

from app.live import audience
from app.models.db import db, transaction
from tests.desk.clients import Client


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.app_context(), force_locale("en"):
        with transaction():  # the tests' year has journal pages of its own
            db.session.execute(text("SELECT make_months('2025-12-01', 14)"))
        yield
        db.session.remove()


@pytest.fixture
def dilshod(app: Flask) -> Iterator[Client]:
    """A client; the test stands in the application."""
    with app.app_context(), force_locale("en"):
        audience.forget()
        yield Client()
        db.session.remove()
