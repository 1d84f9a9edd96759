"""Databases of the tests: one template with all migrations, one copy for each worker, emptied after each test."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).parents[1]
# What migrations bring stays between tests; a test that changes it is marked `own_database`.
START_SET = (
    "alembic_version", "role", "role_permission", "staff_group", "work_status", "topic", "topic_version", "segment",
    "business_hours", "auto_reply", "template", "setting_version", "rules_version", "words_mark",
)  # fmt: skip

_EMPTY = """
DO $$ DECLARE name text; filled boolean;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT c.oid::regclass::text FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname <> ALL ('{START_SET}') LOOP
    EXECUTE 'SELECT EXISTS (SELECT FROM ' || name || ')' INTO filled;
    IF filled THEN EXECUTE 'DELETE FROM ' || name; END IF;
  END LOOP;
END $$
""".replace("{START_SET}", "{" + ",".join(START_SET) + "}")


@dataclass
class Database:
    """A database of one worker. `environment` is what a process needs to reach it as the application does."""

    name: str
    cluster: str
    redis: str

    @property
    def superuser_url(self) -> str:
        return _at(self.cluster, "postgres", self.name)

    def superuser(self) -> psycopg.Connection:
        """The owner of owners, each statement for itself; nobody keeps it waiting for ever."""
        return psycopg.connect(self.superuser_url, autocommit=True, options="-c lock_timeout=20s")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": _at(self.cluster, "muloqot_app", self.name),
            "DATABASE_OWNER_URL": _at(self.cluster, "muloqot_owner", self.name),
            "REDIS_URL": self.redis,
        }

    def empty(self) -> None:
        """The desk's own processes may still be at work in it: whoever loses a deadlock tries again."""
        with self.superuser() as connection:
            for _ in range(5):
                with suppress(psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable):
                    connection.execute(_EMPTY)
                    return
            connection.execute(_EMPTY)

    def renew(self) -> None:
        """Throw it away and copy the template again."""
        with psycopg.connect(self.cluster, autocommit=True) as connection:
            name, template = sql.Identifier(self.name), sql.Identifier(_template())
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER muloqot_owner").format(name, template))


@contextmanager
def database_of_worker(worker: str) -> Iterator[Database]:
    """Needs TEST_CLUSTER and TEST_REDIS, as bin/test gives them."""
    cluster, redis = os.environ.get("TEST_CLUSTER"), os.environ.get("TEST_REDIS")
    if not cluster or not redis:
        raise RuntimeError("run the tests through bin/test: it starts the servers they need")
    number = int(worker.removeprefix("gw")) + 1 if worker.startswith("gw") else 0
    made = Database(f"test_{worker}", cluster, _numbered(redis, number))
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(7003)")
        _make_template(connection, made)
        made.renew()
    yield made


def _make_template(connection: psycopg.Connection, made: Database) -> None:
    """Migrate once for all workers; a changed migration means another template."""
    name = _template()
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    import subprocess
    import sys
    import tempfile

    connection.execute(sql.SQL("CREATE DATABASE {} OWNER muloqot_owner").format(sql.Identifier(name + "_new")))
    draft = Database(name + "_new", made.cluster, made.redis)
    with tempfile.TemporaryDirectory() as data:
        environment = os.environ | draft.environment | {"MULOQOT_MODE": "test", "MULOQOT_DATA": data}
        subprocess.run([sys.executable, "-m", "app.cli", "prepare"], cwd=ROOT, env=environment, check=True)
    # The desk says nothing by itself except in tests that switch it on.
    with psycopg.connect(draft.superuser_url, autocommit=True) as silenced:
        silenced.execute("UPDATE auto_reply SET archived_at = now()")
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    connection.execute(rename.format(sql.Identifier(name + "_new"), sql.Identifier(name)))


@cache
def _template() -> str:
    """The migrations' own name, as they were when the run began."""
    digest = hashlib.sha256()
    for file in sorted((ROOT / "migrations").rglob("*.py")):
        digest.update(file.read_bytes())
    return f"template_{digest.hexdigest()[:12]}"


def _at(cluster: str, role: str, name: str) -> str:
    """The cluster's address with another role and database."""
    _, _, rest = cluster.partition("@")
    where, _, options = rest.partition("?")
    host = where.partition("/")[0]
    return f"postgresql://{role}@{host}/{name}" + (f"?{options}" if options else "")


def _numbered(redis: str, number: int) -> str:
    return redis.replace("db=0", f"db={number}") if "db=0" in redis else redis.rstrip("/0") + f"/{number}"
