"""Statements that are planned anew each time: a generic plan would walk years of messages (docs/decisions/search.md).

psycopg prepares a statement at its sixth execution, and PostgreSQL may then plan it without its values. For words it
matters more than anything: a rare one is found by the index, a common one by walking from the newest.
"""

import re
from collections.abc import Mapping
from typing import Any

from psycopg.rows import namedtuple_row

from app.models.db import db

_PARAMETER = re.compile(r"(?<!:):(\w+)")


def rows(statement: str, values: Mapping[str, Any]) -> list[Any]:
    """The rows of a statement with :names in it, by their columns' names."""
    driver = db.session.connection().connection.driver_connection
    assert driver is not None  # noqa: S101 - a session's connection has one
    asked = _PARAMETER.sub(r"%(\1)s", statement.replace("%", "%%"))
    with driver.cursor(row_factory=namedtuple_row) as cursor:
        return list(cursor.execute(asked, values, prepare=False))
