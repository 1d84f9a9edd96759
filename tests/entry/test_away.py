"""While the database is away nobody who comes waits for those before him."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.models.access import Area
from app.queries import access
from tests.cast import Cast
from tests.entry.test_lamps import closed_database

__all__ = ["closed_database"]  # the fixture
pytestmark = pytest.mark.clause("8.7")


@pytest.fixture
def known(app: Flask, cast: Cast) -> None:
    """Somebody has opened a page, so this process knows the access lists; that was a while ago."""
    assert cast.aziza.browser.get("/chats").status_code == 200
    access._cache.checked -= 60


def test_the_lists_that_are_known_hold_and_the_database_is_asked_once_for_all(
    app: Flask, known: None, closed_database: None
) -> None:
    with app.app_context():
        access.rules(Area.SITE)
        assert not access._is_stale()


def test_by_lists_that_nobody_knows_nobody_is_let_in(app: Flask, known: None, closed_database: None) -> None:
    access.forget()
    with app.app_context(), pytest.raises(OperationalError):
        access.rules(Area.SITE)
    access.forget()


def test_a_page_says_so(cast: Cast, known: None, closed_database: None) -> None:
    assert cast.aziza.browser.get("/chats").status_code == 503
