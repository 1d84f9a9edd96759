"""What every test stands on: a real PostgreSQL database from a template, a real Redis, the application, the cast."""

import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.base import crypt, redis
from app.config import Settings, read_environment
from app.factory import create_app
from app.models.db import db
from app.queries import rules
from app.queries import settings as stored
from tests import clauses
from tests.cast import Cast
from tests.cluster import Database, database_of_worker

pytest_plugins: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--clauses", action="store_true", help="print clause → number of tests, and run nothing")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "clause(id…): the clauses of the customer's documents that the test shows")
    config.addinivalue_line("markers", "long: only with bin/test --long")
    config.addinivalue_line("markers", "own_database: the test changes what others stand on; it gets a fresh database")
    _stay_on_this_machine()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--clauses"):
        clauses.show(items)
        items.clear()
    elif not os.environ.get("LONG"):
        chosen = [item for item in items if item.get_closest_marker("long") is None]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen


def _stay_on_this_machine() -> None:
    """No test reaches the network outside loopback."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(("127.", "::1", "localhost")):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    with database_of_worker(os.environ.get("PYTEST_XDIST_WORKER", "main")) as made:
        yield made


@pytest.fixture(scope="session")
def settings(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    data = tmp_path_factory.mktemp("data")
    crypt.KeyRing.create(data / "keys.json")
    read = read_environment(database.environment | {"MULOQOT_MODE": "test", "MULOQOT_DATA": str(data)})
    return replace(read, url="http://localhost")


@pytest.fixture(scope="session")
def app(settings: Settings) -> Flask:
    return create_app(settings, serve=True)


@pytest.fixture(autouse=True)
def _clean(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test that uses the application leaves its database as it found it."""
    yield
    if "app" not in request.fixturenames:
        return
    app: Flask = request.getfixturevalue("app")
    database: Database = request.getfixturevalue("database")
    with app.app_context():
        db.session.remove()
        if request.node.get_closest_marker("own_database"):
            db.engine.dispose()
            database.renew()
        else:
            database.empty()
    redis.client().flushdb()
    stored.forget()
    rules.forget()


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """For tests that call queries and actions directly."""
    with app.app_context():
        yield
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people of the tests: Aziza and Timur are operators, Botir a supervisor, Kamola an administrator."""
    return Cast(app)


@pytest.fixture(scope="session")
def peers() -> Path:
    return Path(os.environ.get("MULOQOT_PEERS") or Path(__file__).parents[2] / "shared" / "peers")


@pytest.fixture
def superuser(database: Database) -> Iterator[psycopg.Connection]:
    """The database's owner of owners: for tests that play the thief."""
    with database.superuser() as connection:
        yield connection
