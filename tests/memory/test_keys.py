"""Keys change on a live system: everything sealed is sealed anew, in the background (clauses 12.25, 15.5)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from psycopg import Connection
from sqlalchemy import text

from app.actions import resealing
from app.actions.journal import HERE
from app.base import clock, crypt
from app.models.db import db, transaction
from app.models.sealed import COLUMNS, OPEN
from app.models.viewer import SYSTEM
from app.queries import sealing, thread
from tests.desk.clients import Client

pytestmark = [pytest.mark.clause("15.5"), pytest.mark.own_database]


@pytest.fixture
def key_file(app: Flask) -> Iterator[Path]:
    """The ring as a file of its own, as a running desk has it."""
    file, before = app.config["SETTINGS"].keys, crypt.ring()
    kept = file.read_bytes()
    crypt.use(before, file)
    yield file
    file.write_bytes(kept)
    crypt.use(before)


def later() -> Any:
    return clock.now() + resealing.SETTLES + timedelta(seconds=5)


def test_every_column_of_bytes_is_in_the_register(superuser: "Connection[Any]") -> None:
    found = superuser.execute("""
        SELECT table_name || '.' || column_name FROM information_schema.columns c
         WHERE table_schema = 'public' AND data_type = 'bytea'
           AND NOT EXISTS (SELECT 1 FROM pg_inherits WHERE inhrelid = format('%I', c.table_name)::regclass)
    """).fetchall()
    assert {name for (name,) in found} == {one.name for one in COLUMNS} | OPEN


def test_a_rotation_seals_everything_anew_and_all_stays_readable(dilshod: Client, key_file: Path) -> None:
    chat_id = dilshod.writes("до ротации")
    before = crypt.ring().current
    key_id = resealing.rotate(key_file, SYSTEM, HERE, clock.now())
    crypt.look_again()
    assert key_id == crypt.ring().current != before
    assert resealing.go_on(later(), key_file)
    left = {one.place for one in sealing.held() if one.key_id == before}
    assert left <= {"journal.details"}
    assert [one.text for one in thread.latest(chat_id).items if isinstance(one, thread.Message)] == ["до ротации"]
    assert all(one.ended_at and not one.broken for one in sealing.progress())


def test_a_rotation_waits_until_every_process_knows_the_key(dilshod: Client, key_file: Path) -> None:
    dilshod.writes("рано")
    resealing.rotate(key_file, SYSTEM, HERE, clock.now())
    assert not resealing.go_on(clock.now(), key_file)
    assert sealing.progress() == []


def test_a_rotation_goes_on_where_it_was_killed(
    dilshod: Client, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "BATCH", 2)
    for number in range(7):
        dilshod.writes(f"слово {number}")
    before = crypt.ring().current
    resealing.rotate(key_file, SYSTEM, HERE, clock.now())
    crypt.look_again()
    column = next(one for one in COLUMNS if one.name == "message.text")
    resealing._begun(column.name, crypt.ring().current, clock.now())
    with transaction():
        mark, done, _broken = resealing._rows(column, "")
        db.session.execute(
            resealing._MOVE, {"place": column.name, "mark": mark, "done": done, "broken": 0, "ended_at": None}
        )
    assert resealing.go_on(later(), key_file)
    assert {one.place for one in sealing.held() if one.key_id == before} <= {"journal.details"}


def test_a_value_under_a_missing_key_is_named_and_left(dilshod: Client, key_file: Path) -> None:
    dilshod.writes("под потерянным ключом")
    with transaction():
        db.session.execute(text("UPDATE message SET text = decode('0103393939', 'hex') || substring(text FROM 4)"))
    with pytest.raises(crypt.KeyUnknown, match="'999'"):
        row = db.session.execute(text("SELECT id, text FROM message")).one()
        crypt.open_sealed(row.text, ("message.text", row.id))
    db.session.rollback()
    assert [one.key_id for one in sealing.held() if not one.known] == ["999"]
    resealing.rotate(key_file, SYSTEM, HERE, clock.now())
    crypt.look_again()
    assert resealing.go_on(later(), key_file)
    assert {one.place: one.broken for one in sealing.progress()}["message.text"] == 1
