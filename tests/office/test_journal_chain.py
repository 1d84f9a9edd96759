"""The journal in blocks: whatever is done to it, even by the database's owner, is found and named (12.2, 12.18)."""

import threading
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from flask import Flask

from app.actions import journal
from app.actions.journal_chain import HEAD, HEADS, MOST, NumbersWentBack, export_head, seal
from app.actions.people import CREATED
from app.base import clock
from app.models.db import transaction
from app.models.viewer import SYSTEM
from app.queries.journal_chain import Finding
from tests.cluster import Database
from tests.office.chained import NOW, Superuser, ids, proved, said, seal_all, sealed, tamper, write

pytestmark = [pytest.mark.clause("12.2", "12.18", "15.5"), pytest.mark.usefixtures("context")]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    return tmp_path


def test_an_untouched_journal_is_proved(house: Path) -> None:
    sealed(house, 3, 1, 7)
    write(2)
    found = proved(house)
    assert (found.blocks, found.rows, found.unsealed, found.findings) == (3, 11, 2, [])


def test_nothing_to_seal_makes_no_block(house: Path) -> None:
    assert seal(NOW, house) == 0
    assert not (house / HEAD).exists()


def test_more_rows_than_a_block_holds_take_several(house: Path) -> None:
    with transaction():
        for number in range(MOST + 5):
            journal.note(CREATED, SYSTEM, NOW, journal.HERE, of=("person", number))
    assert [seal_all(house) for _time in range(3)] == [MOST, 5, 0]
    found = proved(house)
    assert (found.blocks, found.rows, found.findings) == (2, MOST + 5, [])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET login = 'nobody' WHERE id = %s",
        "UPDATE journal SET outcome = 'refused' WHERE id = %s",
        "UPDATE journal SET at = at - interval '1 second' WHERE id = %s",
        "UPDATE journal SET address = '' WHERE id = %s",
        "UPDATE journal SET person_id = 5 WHERE id = %s",
        "UPDATE journal SET details = details || 'x' WHERE id = %s",
        "UPDATE journal SET xid = xid + 1000000 WHERE id = %s",
    ],
)
def test_an_edited_row_is_named(house: Path, superuser: Superuser, change: str) -> None:
    sealed(house, 4, 4)
    victim = ids(superuser)[5]
    tamper(superuser, change, [victim])
    assert proved(house).findings == [Finding("edited", 2, victim)]


@pytest.mark.parametrize("at", [0, 3, 7])
def test_a_removed_row_is_named(house: Path, superuser: Superuser, at: int) -> None:
    sealed(house, 4, 4)
    victim = ids(superuser)[at]
    tamper(superuser, "DELETE FROM journal WHERE id = %s", [victim])
    assert proved(house).findings == [Finding("removed", 1 + at // 4, victim)]


def test_every_row_that_is_cut_off_the_end_is_named(house: Path, superuser: Superuser) -> None:
    sealed(house, 4, 4)
    last = ids(superuser)[-3:]
    tamper(superuser, "DELETE FROM journal WHERE id = ANY(%s)", [last])
    assert proved(house).findings == [Finding("removed", 2, one) for one in last]


def test_a_row_slipped_in_among_sealed_ones_is_named(house: Path, superuser: Superuser) -> None:
    sealed(house, 4, 4)
    fake = UUID(int=ids(superuser)[2].int + 1)
    tamper(
        superuser,
        """INSERT INTO journal SELECT %s, at, xid, kind, outcome, person_id, login, address, device, object_kind,
                  object_id, details FROM journal WHERE id = %s""",
        [fake, ids(superuser)[2]],
    )
    assert proved(house).findings == [Finding("inserted", 1, fake)]


def test_a_row_slipped_in_behind_the_last_block_is_named(house: Path, superuser: Superuser) -> None:
    sealed(house, 2)
    fake = UUID(int=ids(superuser)[-1].int + 1)
    tamper(
        superuser,
        """INSERT INTO journal SELECT %s, at, xid, kind, outcome, person_id, login, address, device, object_kind,
                  object_id, details FROM journal WHERE id = %s""",
        [fake, ids(superuser)[-1]],
    )
    assert proved(house).findings[0] == Finding("inserted", None, fake)


def test_a_row_nobody_wrote_through_the_application_is_named_sealed_or_not(house: Path, superuser: Superuser) -> None:
    write(2)
    fake = UUID(int=ids(superuser)[-1].int + 1)
    superuser.execute(
        """INSERT INTO journal SELECT %s, at, DEFAULT, kind, outcome, person_id, login, address, device, object_kind,
                  object_id, details FROM journal LIMIT 1""".replace("DEFAULT", "pg_current_xact_id()::text::bigint"),
        [fake],
    )
    assert proved(house).findings == [Finding("forged", None, fake)]
    assert seal_all(house) == 3
    assert proved(house).findings == [Finding("forged", 1, fake)]


def test_blocks_cut_off_the_end_are_missed(house: Path, superuser: Superuser) -> None:
    sealed(house, 3, 3)
    kept = ids(superuser)[:3]
    tamper(superuser, "DELETE FROM journal WHERE NOT id = ANY(%s)", [kept])
    tamper(superuser, "DELETE FROM journal_block WHERE number = 2")
    assert proved(house).findings == [Finding("cut", 2)]


def test_an_emptied_journal_is_missed(house: Path, superuser: Superuser) -> None:
    sealed(house, 3)
    tamper(superuser, "DELETE FROM journal")
    tamper(superuser, "DELETE FROM journal_block")
    assert proved(house).findings == [Finding("cut", 1)]


def test_a_block_taken_out_of_the_middle_is_missed(house: Path, superuser: Superuser) -> None:
    sealed(house, 2, 2, 2)
    tamper(superuser, "DELETE FROM journal_block WHERE number = 2")
    assert Finding("missing", 2) in proved(house).findings


def test_a_block_made_anew_without_the_key_is_named(house: Path, superuser: Superuser) -> None:
    sealed(house, 2, 2)
    victim = ids(superuser)[1]
    tamper(superuser, "DELETE FROM journal WHERE id = %s", [victim])
    tamper(
        superuser,
        "UPDATE journal_block SET ids = ids[1:1], prints = substr(prints, 1, 32), count = 1 WHERE number = 1",
    )
    assert Finding("rewritten", 1) in proved(house).findings


def test_a_chain_signed_by_another_key_is_not_ours(house: Path, superuser: Superuser) -> None:
    sealed(house, 2)
    tamper(superuser, "UPDATE journal_block SET signature = sha512(hash)")
    assert proved(house).findings == [Finding("rewritten", 1)]


@pytest.mark.parametrize("change", ["UPDATE {} SET count = 1", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_cannot_change_a_block(house: Path, database: Database, change: str) -> None:
    sealed(house, 1)
    with (
        psycopg.connect(database.environment["DATABASE_URL"]) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(change.format("journal_block"))
    with (
        psycopg.connect(database.environment["DATABASE_OWNER_URL"]) as connection,
        pytest.raises(psycopg.errors.RaiseException, match="append-only"),
    ):
        connection.execute(change.format("journal_block"))


def test_a_slow_writer_holds_nobody_up_and_is_sealed_when_it_is_done(app: Flask, house: Path) -> None:
    written, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        with app.app_context(), transaction():
            journal.note(CREATED, SYSTEM, clock.now(), journal.HERE, of=("person", "slow"))
            written.set()
            go_on.wait(20)

    slow = threading.Thread(target=slowly)
    slow.start()
    assert written.wait(20)
    write(3)  # committed later, with greater numbers: they wait for the slow one, nobody waits for them
    assert seal(NOW, house) == 0
    assert proved(house).findings == []
    go_on.set()
    slow.join(30)
    assert seal_all(house) == 4
    assert proved(house).findings == []


def test_a_head_is_told_once_and_again_when_there_is_a_new_one(house: Path) -> None:
    assert export_head(NOW, house) is None
    sealed(house, 2)
    assert export_head(NOW, house) == 1
    assert export_head(NOW + timedelta(minutes=5), house) is None
    sealed(house, 1)
    assert export_head(NOW + timedelta(minutes=10), house) == 2
    assert len((house / HEADS).read_text().splitlines()) == 2
    assert said(house) == []


def test_a_head_somebody_wrote_himself_is_not_believed(house: Path) -> None:
    sealed(house, 2)
    export_head(NOW, house)
    lines = (house / HEADS).read_text()
    (house / HEADS).write_text(lines.replace('"number": 1', '"number": 1').replace('"hash": "', '"hash": "00'))
    assert said(house) == ["head not ours"]


@pytest.mark.own_database
def test_after_a_restore_from_a_dump_nothing_is_sealed_until_the_counter_is_raised(
    house: Path, superuser: Superuser
) -> None:
    sealed(house, 1)
    tamper(superuser, "UPDATE journal_block SET horizon = horizon + 1000000000000")
    write()
    with pytest.raises(NumbersWentBack):
        seal(NOW, house)
    assert "restored" in said(house)
