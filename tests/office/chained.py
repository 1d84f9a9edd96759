"""What the tests of the journal's chain do again and again: write, seal, prove, tamper."""

import time
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg import Connection
from sqlalchemy import text

from app.actions import journal
from app.actions.journal_chain import HEAD, HEADS, seal
from app.actions.people import CREATED
from app.base import clock
from app.models.db import db, transaction
from app.models.viewer import SYSTEM
from app.queries.journal_chain import Report, verify

NOW = clock.now()
Superuser = Connection[Any]


def write(count: int = 1) -> None:
    for number in range(count):
        with transaction():
            journal.note(CREATED, SYSTEM, clock.now(), journal.HERE, of=("person", number), number=number)


def sealed(house: Path, *counts: int) -> None:
    for count in counts:
        write(count)
        assert seal_all(house) == count


def seal_all(house: Path) -> int:
    """Seal once nobody writes any more: transaction numbers are the whole cluster's, other tests' included."""
    waiting = text("SELECT count(*) FROM journal WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    for _try in range(600):
        db.session.rollback()
        if not db.session.scalar(waiting):
            break
        time.sleep(0.05)
    db.session.rollback()
    return seal(NOW, house)


def proved(house: Path) -> Report:
    db.session.rollback()
    return verify(house / HEAD, house / HEADS)


def said(house: Path) -> list[str]:
    return [one.what for one in proved(house).findings]


def ids(superuser: Superuser) -> list[UUID]:
    return [row[0] for row in superuser.execute("SELECT id FROM journal ORDER BY xid, id")]


def tamper(superuser: Superuser, statement: str, values: Any = None) -> None:
    """As whoever owns the machine: past grants and triggers."""
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(statement, values)
    superuser.execute("SET session_replication_role = DEFAULT")
