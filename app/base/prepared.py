"""Connections that keep their prepared statements, and do not wait for ever.

psycopg forgets them at every rollback, because one may undo a change of tables. This application's role changes none,
and whatever only reads ends with a rollback: nothing would ever be prepared, and PostgreSQL would plan each statement
each time. https://www.psycopg.org/psycopg3/docs/advanced/prepare.html
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout, error_from_result
from psycopg.generators import execute
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import make_url
from sqlalchemy.exc import InvalidatePoolError

RV = TypeVar("RV")

# Seconds for what a server that is there answers at once, however long its other answers may take.
AT_ONCE = 5.0


class Connection(psycopg.Connection[Any]):
    """As psycopg's, but for rolling back and waiting. `patience`: seconds that one answer may take."""

    patience: float | None = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Raises OperationalError, and the connection is no more, when the server says nothing for too long.

        A pooler or proxy between may have lost it while it keeps our end alive: no keepalive of TCP notices that.
        """
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience)
        except _WaitTimeout:
            self.pgconn.finish()
            raise

    def ping(self) -> None:
        """Outside any transaction. Raises OperationalError when the server is not there any more."""
        patience, autocommit = self.patience, self.autocommit
        self.patience, self.autocommit = AT_ONCE, True
        try:
            self.execute("SELECT 1")
        finally:
            self.patience = patience
            if not self.closed:
                self.autocommit = autocommit

    def rollback(self) -> None:
        """Undo what the open transaction wrote."""
        with self.lock:
            if self.pgconn.transaction_status == TransactionStatus.IDLE:
                return
            self.pgconn.send_query(b"ROLLBACK")
            result = self.wait(execute(self.pgconn))[-1]
            if result.status == ExecStatus.FATAL_ERROR:
                raise error_from_result(result)


def connecting(url: str, options: Mapping[str, Any], patience: float | None = None) -> Callable[[], Connection]:
    """What an engine makes its connections by. `options`: libpq's, beside what the address says."""
    address = make_url(url)
    _, named = address.get_dialect()().create_connect_args(address)

    def connect() -> Connection:
        made = Connection.connect(**{**named, **options})
        made.patience = patience
        return made

    return connect


def awake(connection: Connection, record: Any, _: object) -> None:
    """For a pool's `checkout`: whoever has rested in it is asked first, and if he is gone, so are all who rest.

    As the pool's own pre-ping does, which would wait for a silent server as long as for any statement.
    """
    if record.info.setdefault("new", True):
        record.info["new"] = False
        return
    try:
        connection.ping()
    except psycopg.OperationalError as error:
        raise InvalidatePoolError from error
