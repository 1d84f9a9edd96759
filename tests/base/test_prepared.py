"""What was prepared stays so, and a rollback undoes what it always did."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from app.base.prepared import Connection, awake, connecting
from app.models.db import db
from tests.chaos.roads import Road
from tests.cluster import Database

_PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%often%'")
_OFTEN = text("SELECT 'often' || :word")
_NUMBER = text("SELECT number FROM setting_version")


def test_a_statement_that_is_asked_often_stays_prepared_over_rollbacks(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        for _ in range(8):
            connection.execute(_OFTEN, {"word": "asked"})
            connection.rollback()
        assert connection.scalar(_PREPARED) == 1


def test_a_rollback_undoes_what_was_written(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        before = connection.scalar(_NUMBER)
        connection.execute(text("UPDATE setting_version SET number = number + 1"))
        connection.rollback()
        assert connection.scalar(_NUMBER) == before


def test_after_a_failed_statement_the_same_connection_goes_on(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        with pytest.raises(ProgrammingError):
            connection.execute(text("SELECT no_such_column FROM person"))
        connection.rollback()
        assert connection.scalar(text("SELECT 1")) == 1


def test_a_lost_connection_is_told_when_it_is_rolled_back(database: Database) -> None:
    connection = Connection.connect(database.superuser_url)
    connection.execute("SELECT 1")
    connection.pgconn.finish()
    with pytest.raises(psycopg.OperationalError):
        connection.rollback()


@pytest.fixture
def road(database: Database) -> Iterator[tuple[Road, str]]:
    """What leads to the database, and its address over that."""
    home = Path(str(psycopg.conninfo.conninfo_to_dict(database.superuser_url)["host"]))
    with TemporaryDirectory(dir="/tmp") as here:
        built = Road(to=home / ".s.PGSQL.5432", at=Path(here) / ".s.PGSQL.5432")
        yield built, database.superuser_url.replace(str(home), here)
        built.close()


def test_whoever_hears_nothing_any_more_gives_the_connection_up(road: tuple[Road, str]) -> None:
    """The other end of it is still there, so no keepalive notices."""
    way, url = road
    connect = connecting(url, {}, patience=0.5)
    connection = connect()
    connection.execute("SELECT 1")
    with way.swallowed(), pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    assert connection.closed
    assert connect().execute("SELECT 1").fetchone() == (1,)


def test_a_statement_that_fails_does_not_cost_the_connection(road: tuple[Road, str]) -> None:
    connection = connecting(road[1], {"options": "-c statement_timeout=100ms"}, patience=20)()
    with pytest.raises(psycopg.errors.QueryCanceled):
        connection.execute("SELECT pg_sleep(20)")
    connection.rollback()
    assert connection.execute("SELECT 1").fetchone() == (1,)


def test_whoever_rested_while_the_way_was_lost_is_not_waited_for_as_long_as_a_statement(road: tuple[Road, str]) -> None:
    way, url = road
    pool = [(awake, "checkout")]
    engine = create_engine("postgresql+psycopg://", creator=connecting(url, {}, patience=600), pool_events=pool)
    rested = [engine.connect(), engine.connect()]
    for one in rested:
        one.close()
    with way.swallowed():
        pass
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()
