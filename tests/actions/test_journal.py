"""The journal cannot be changed, and its details cannot be read in a dump (clauses 12.2, 12.18, 15.5)."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from app.actions import journal, upkeep
from app.actions.people import CREATED
from app.base import clock, crypt
from app.models.db import transaction
from app.models.viewer import SYSTEM
from tests.cluster import Database

pytestmark = pytest.mark.clause("12.2", "12.18", "15.5")

DENIED = psycopg.errors.InsufficientPrivilege
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def write(at: datetime | None = None, **details: Any) -> None:
    with transaction():
        journal.note(CREATED, SYSTEM, at or clock.now(), journal.HERE, of=("person", 7), **details)


def partitions(superuser: "Connection[Any]", parent: str = "journal") -> list[str]:
    found = superuser.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [parent]
    )
    return sorted(row[0] for row in found)


@pytest.mark.parametrize("change", ["UPDATE {} SET login = 'nobody'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_can_neither_change_nor_delete_a_row(
    database: Database, superuser: "Connection[Any]", change: str
) -> None:
    write()
    for table in ["journal", *partitions(superuser)]:
        with (
            psycopg.connect(database.environment["DATABASE_URL"]) as connection,
            pytest.raises(DENIED, match=f"permission denied for table {table}"),
        ):
            connection.execute(change.format(table))


def test_a_month_that_is_made_later_is_as_closed(database: Database, superuser: "Connection[Any]") -> None:
    before = set(partitions(superuser))
    made = upkeep.make_months(NOW.replace(year=2031))
    fresh = set(partitions(superuser)) - before
    assert made > 0
    assert fresh
    for table in fresh:
        with psycopg.connect(database.environment["DATABASE_URL"]) as connection, pytest.raises(DENIED):
            connection.execute(f"DELETE FROM {table}")
        superuser.execute(f"DROP TABLE {table}")


@pytest.mark.parametrize("change", ["UPDATE journal SET login = 'nobody'", "DELETE FROM journal"])
def test_even_the_owner_is_stopped(database: Database, change: str) -> None:
    write()
    with (
        psycopg.connect(database.environment["DATABASE_OWNER_URL"]) as connection,
        pytest.raises(psycopg.errors.RaiseException, match="append-only"),
    ):
        connection.execute(change)


def test_the_application_cannot_lift_the_lock(database: Database) -> None:
    attempts = (
        "ALTER TABLE journal DISABLE TRIGGER journal_is_forever",
        "DROP TRIGGER journal_is_forever ON journal",
        "CREATE OR REPLACE FUNCTION journal_is_forever() RETURNS trigger LANGUAGE sql AS ''",
        "GRANT DELETE ON journal TO muloqot_app",
        "SET session_replication_role = replica",
        "SET ROLE muloqot_owner",
        "DROP TABLE journal",
    )
    for attempt in attempts:
        with psycopg.connect(database.environment["DATABASE_URL"], autocommit=True) as connection:
            try:
                connection.execute(attempt)
            except psycopg.Error:
                continue
            rights = connection.execute("SELECT has_table_privilege('journal', 'DELETE')").fetchone()
            assert rights == (False,), attempt


def test_the_application_makes_no_tables(database: Database) -> None:
    for attempt in ("CREATE TABLE mine (id int)", "CREATE SCHEMA mine", "ALTER TABLE person ADD secret text"):
        with psycopg.connect(database.environment["DATABASE_URL"]) as connection, pytest.raises(DENIED):
            connection.execute(attempt)


def test_what_was_told_is_sealed_in_a_dump_and_opens_for_the_application(superuser: "Connection[Any]") -> None:
    write(after={"login": "dilshod.k", "roles": ["operator"]})
    with superuser.cursor().copy("COPY (SELECT * FROM journal) TO STDOUT") as copy:
        dump = b"".join(bytes(part) for part in copy)
    assert b"person.created" in dump
    for secret in ("dilshod.k", "operator"):
        assert secret.encode() not in dump
        assert secret.encode().hex().encode() not in dump
    row = superuser.execute("SELECT id, details FROM journal").fetchone()
    assert row is not None
    told = json.loads(crypt.open_sealed(row[1], at=("journal.details", row[0])))
    assert told == {"after": {"login": "dilshod.k", "roles": ["operator"]}}


def test_sealed_details_do_not_open_in_another_row(superuser: "Connection[Any]") -> None:
    write(first=1)
    write(second=2)
    rows = superuser.execute("SELECT id, details FROM journal ORDER BY id").fetchall()
    with pytest.raises(crypt.SealBroken):
        crypt.open_sealed(rows[0][1], at=("journal.details", rows[1][0]))


def test_a_row_says_who_when_from_where_and_on_what(superuser: "Connection[Any]") -> None:
    with transaction():
        journal.note(
            CREATED,
            SYSTEM,
            NOW,
            journal.Origin("10.1.2.3", "Firefox " + "x" * 400),
            of=("person", 7),
            outcome="refused",
        )
    row = superuser.execute(
        "SELECT at, kind, outcome, login, address, length(device), object_kind, object_id, xid > 0 FROM journal"
    ).fetchone()
    assert row == (NOW, "person.created", "refused", "system", "10.1.2.3", 300, "person", "7", True)


def test_nothing_stands_in_the_journal_when_the_verb_is_rolled_back(superuser: "Connection[Any]") -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        write()
        raise ZeroDivisionError
    assert superuser.execute("SELECT count(*) FROM journal").fetchone() == (0,)


def test_there_is_room_for_the_coming_months_in_every_partitioned_table(superuser: "Connection[Any]") -> None:
    now = clock.now()
    upkeep.make_months(now)
    wanted = {f"_{moment:%Y_%m}" for moment in (now, now + timedelta(days=31), now + timedelta(days=62))}
    for (table,) in superuser.execute("SELECT relname FROM pg_class WHERE relkind = 'p'").fetchall():
        there = {name.removeprefix(table) for name in partitions(superuser, table)}
        assert wanted <= there, table


def test_making_months_twice_makes_them_once() -> None:
    upkeep.make_months(clock.now())
    assert upkeep.make_months(clock.now()) == 0
