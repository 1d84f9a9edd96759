"""What was prepared stays so, and a rollback undoes what it always did."""

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.base.prepared import Connection
from app.models.db import db
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
