"""`transaction()`: rows first, then what was asked for after the commit; again when PostgreSQL says so."""

import logging
import threading
from typing import Any

import pytest
from flask import Flask
from psycopg import Connection
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.models.db import db, retried, transaction

WRITE = text("INSERT INTO setting (key, value, changed_at) VALUES (:key, '1', now())")


def keys(superuser: "Connection[Any]") -> list[str]:
    return [row[0] for row in superuser.execute("SELECT key FROM setting ORDER BY key")]


def test_what_follows_sees_the_rows_committed(superuser: "Connection[Any]") -> None:
    seen: list[list[str]] = []
    with transaction() as tx:
        tx.after(lambda: seen.append(keys(superuser)))
        db.session.execute(WRITE, {"key": "a"})
        assert seen == []
    assert seen == [["a"]]


def test_what_follows_keeps_the_order_it_was_asked_in() -> None:
    told: list[str] = []
    with transaction() as tx:
        tx.after(told.append, "first")
        tx.after(told.append, "second")
    assert told == ["first", "second"]


def test_nothing_follows_a_rollback(superuser: "Connection[Any]") -> None:
    told: list[str] = []
    with pytest.raises(ZeroDivisionError), transaction() as tx:
        tx.after(told.append, "never")
        db.session.execute(WRITE, {"key": "a"})
        raise ZeroDivisionError
    assert (told, keys(superuser)) == ([], [])


def test_nothing_follows_a_commit_that_fails(superuser: "Connection[Any]") -> None:
    told: list[str] = []
    superuser.execute("""
        CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
        CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON setting DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION refuse()
    """)
    try:
        with pytest.raises(Exception, match="no"), transaction() as tx:
            tx.after(told.append, "never")
            db.session.execute(WRITE, {"key": "a"})
    finally:
        superuser.execute("DROP TRIGGER refuse ON setting; DROP FUNCTION refuse()")
    assert (told, keys(superuser)) == ([], [])


def test_a_block_inside_another_joins_it(superuser: "Connection[Any]") -> None:
    told: list[str] = []
    with transaction() as outer:
        db.session.execute(WRITE, {"key": "outer"})
        with transaction() as inner:
            assert inner is outer
            inner.after(told.append, "inner")
            db.session.execute(WRITE, {"key": "inner"})
        assert (told, keys(superuser)) == ([], [])
    assert (told, keys(superuser)) == (["inner"], ["inner", "outer"])


def test_an_error_inside_takes_the_outer_block_down_too(superuser: "Connection[Any]") -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        db.session.execute(WRITE, {"key": "outer"})
        with transaction():
            raise ZeroDivisionError
    assert keys(superuser) == []


def test_one_that_fails_afterwards_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []
    caplog.set_level(logging.ERROR, "app.models.db")
    logging.getLogger("app.models.db").addHandler(caplog.handler)
    with transaction() as tx:
        tx.after(lambda: 1 / 0)
        tx.after(told.append, "still")
    assert told == ["still"]
    assert "after commit" in caplog.text


def test_a_push_may_open_a_transaction_of_its_own(superuser: "Connection[Any]") -> None:
    def verb() -> None:
        with transaction():
            db.session.execute(WRITE, {"key": "later"})

    with transaction() as tx:
        tx.after(verb)
    assert keys(superuser) == ["later"]


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_a_verb_that_met_another_runs_again_whole(sqlstate: str, superuser: "Connection[Any]") -> None:
    tries = []

    @retried
    def verb() -> str:
        tries.append(1)
        with transaction():
            db.session.execute(WRITE, {"key": f"try {len(tries)}"})
            if len(tries) < 3:
                fail(sqlstate)
        return "done"

    assert verb() == "done"
    assert keys(superuser) == ["try 3"]


def test_after_three_tries_it_is_told() -> None:
    tries = []

    @retried
    def verb() -> None:
        tries.append(1)
        with transaction():
            fail("40001")

    with pytest.raises(OperationalError):
        verb()
    assert len(tries) == 3


def test_another_error_is_not_tried_again() -> None:
    tries = []

    @retried
    def verb() -> None:
        tries.append(1)
        with transaction():
            fail("22012")

    with pytest.raises(Exception, match="planted"):
        verb()
    assert len(tries) == 1


def test_inside_another_transaction_only_the_outermost_verb_is_tried_again() -> None:
    tries = {"inner": 0, "outer": 0}

    @retried
    def inner() -> None:
        tries["inner"] += 1
        if tries["inner"] == 1:
            fail("40001")

    @retried
    def outer() -> None:
        tries["outer"] += 1
        with transaction():
            inner()

    outer()
    assert tries == {"inner": 2, "outer": 2}


def test_two_that_wait_for_each_other_both_come_through(app: Flask, superuser: "Connection[Any]") -> None:
    superuser.execute("INSERT INTO setting (key, value, changed_at) VALUES ('a', '0', now()), ('b', '0', now())")
    both = threading.Barrier(2, timeout=10)
    faults: list[BaseException] = []
    tries: list[str] = []

    def work(first: str, second: str) -> None:
        met = False

        @retried
        def verb() -> None:
            nonlocal met
            tries.append(first)
            with transaction():
                touch(first)
                if not met:
                    met = True
                    both.wait()
                touch(second)

        try:
            with app.app_context():
                verb()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert faults == []
    assert len(tries) == 3, "one of the two was chosen by PostgreSQL and ran again"
    counted = superuser.execute("SELECT value FROM setting ORDER BY key").fetchall()
    assert counted == [(2,), (2,)]


def touch(key: str) -> None:
    one_more = text("UPDATE setting SET value = to_jsonb((value::text)::int + 1) WHERE key = :key")
    db.session.execute(one_more, {"key": key})


def fail(sqlstate: str) -> None:
    db.session.execute(text(f"DO $$ BEGIN RAISE 'planted' USING ERRCODE = '{sqlstate}'; END $$"))
