"""A client of the desk, and words that are kept at once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.actions import memory
from app.base import clock
from app.live import audience
from app.models.db import db
from app.queries import search
from app.queries.search import Found, Wish
from tests.cast import Actor
from tests.desk.clients import Client
from tests.ending.conftest import desk as desk
from tests.ending.conftest import speaking as speaking
from tests.ending.conftest import telegram as telegram
from tests.ending.conftest import telegram_server as telegram_server
from tests.road.conftest import viewer_of

Ask = Callable[..., Found]


@pytest.fixture
def dilshod(app: Flask) -> Iterator[Client]:
    with app.app_context():
        audience.forget()
        yield Client()


@pytest.fixture
def ask(dilshod: Client) -> Ask:
    """`ask(cast.botir, "карта")`: what this person finds now."""

    def asked(actor: Actor, words: str, **more: Any) -> Found:
        remember()
        found = search.messages(viewer_of(actor), Wish(words, **more))
        db.session.rollback()
        return found

    return asked


def remember() -> None:
    """Let the job run until nothing is without words."""
    while memory.keep_words(clock.now()) >= memory.MOST:
        pass


def told(found: Found) -> list[str]:
    """The texts found, newest first."""
    return ["".join(piece.text for piece in hit.said) for hit in found.hits]


def marked(found: Found) -> list[list[str]]:
    """The words marked in each."""
    return [[piece.text for piece in hit.said if piece.found] for hit in found.hits]
