"""Connections that keep their prepared statements.

psycopg forgets them at every rollback, because one may undo a change of tables. This application's role changes none,
and whatever only reads ends with a rollback: nothing would ever be prepared, and PostgreSQL would plan each statement
each time. https://www.psycopg.org/psycopg3/docs/advanced/prepare.html
"""

from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from psycopg.errors import error_from_result
from psycopg.generators import execute
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import make_url


class Connection(psycopg.Connection[Any]):
    """As psycopg's, but for rolling back."""

    def rollback(self) -> None:
        """Undo what the open transaction wrote."""
        with self.lock:
            if self.pgconn.transaction_status == TransactionStatus.IDLE:
                return
            self.pgconn.send_query(b"ROLLBACK")
            result = self.wait(execute(self.pgconn))[-1]
            if result.status == ExecStatus.FATAL_ERROR:
                raise error_from_result(result)


def connecting(url: str, options: Mapping[str, Any]) -> Callable[[], Connection]:
    """What an engine makes its connections by. `options`: libpq's, beside what the address says."""
    address = make_url(url)
    _, named = address.get_dialect()().create_connect_args(address)
    return lambda: Connection.connect(**{**named, **options})
