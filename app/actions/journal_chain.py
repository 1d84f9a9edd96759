"""Seal the journal in blocks, each holding the hash of the one before; send the signed head out of the house.

Nobody waits for this: a block takes rows whose transactions, and all earlier ones, have ended, so there is no lock on
the path of whoever writes; a transaction left open anywhere in the cluster only delays the sealing.
`queries/journal_chain.verify` proves the chain.
"""

import json
import os
import syslog
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, text

from app.base import notary
from app.models import journal_print
from app.models.db import Transaction, db, transaction
from app.models.journal import JournalBlock
from app.queries import journal_chain as chain

MOST = 500
HEAD, HEADS = "journal-head.json", "journal-heads.log"

_LOCK = text("SELECT pg_try_advisory_xact_lock(7006)")
_READY = text(f"""
    SELECT {", ".join(journal_print.COLUMNS)}, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon
      FROM journal
     WHERE (xid, id) > (:xid, :id) AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
     ORDER BY xid, id LIMIT {MOST}
""")  # noqa: S608 - columns of ours
_NEXT_XID = text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")


class NumbersWentBack(Exception):
    """PostgreSQL counts transactions from a smaller number than the chain has seen: it was restored from a dump.

    Then `pg_resetwal --epoch` on the stopped cluster must raise its counter first, or new rows could not be told
    from rows that somebody slipped in between.
    """


def seal(now: datetime, data: Path) -> int:
    """Make one block of the rows that are ready. Returns how many it holds; MOST means that more may wait."""
    with transaction() as tx:
        if not db.session.scalar(_LOCK):
            return 0
        last = chain.head()
        if last is not None and last.horizon > db.session.scalar(_NEXT_XID):
            raise NumbersWentBack
        after = {"xid": last.last_xid, "id": last.last_id} if last else {"xid": 0, "id": UUID(int=0)}
        rows = db.session.execute(_READY, after).all()
        if rows:
            _add(tx, rows, last, now, data)
    return len(rows)


def _add(tx: Transaction, rows: Any, last: chain.Block | None, now: datetime, data: Path) -> None:
    tail = (rows[-1].xid, rows[-1].id)
    block = {
        "number": last.number + 1 if last else 1,
        "sealed_at": now,
        # A full block may have left rows of its last transaction to the next one.
        "horizon": rows[-1].horizon if len(rows) < MOST else tail[0],
        "ids": [row.id for row in rows],
        "prints": b"".join(journal_print.of_row(row[:-1]) for row in rows),
        "previous": last.hash if last else journal_print.BEGINNING,
    }
    hashed = journal_print.of_block(last=tail, **block)
    signature = notary.sign(chain.PURPOSE, hashed)
    db.session.execute(
        insert(JournalBlock).values(
            **block, last_xid=tail[0], last_id=tail[1], count=len(rows), hash=hashed, signature=signature
        )
    )
    tx.after(_keep, data / HEAD, _told(block["number"], now, hashed, signature))


def export_head(now: datetime, data: Path) -> int | None:
    """Send the present head to a file and to the system's log. Returns its number, or None when nothing is new."""
    head = chain.head()
    if head is None or head.number <= max((one["number"] for one in chain.told(data / HEADS)), default=0):
        return None
    line = _told(head.number, now, head.hash, head.signature)
    with open(os.open(data / HEADS, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), "w", encoding="utf-8") as out:
        out.write(line + "\n")
        out.flush()
        os.fsync(out.fileno())
    # Past our own log, which hides long tokens such as a signature.
    syslog.openlog("muloqot", facility=syslog.LOG_AUTH)
    syslog.syslog(syslog.LOG_NOTICE, f"journal head {line}")
    return head.number


def _told(number: int, now: datetime, hashed: bytes, signature: bytes) -> str:
    said = {
        "number": number,
        "at": now.isoformat(timespec="seconds"),
        "hash": hashed.hex(),
        "signature": b64encode(signature).decode(),
        "key": notary.public_key(chain.PURPOSE),
    }
    return json.dumps(said)


def _keep(file: Path, line: str) -> None:
    """The newest head lies beside the database, so that blocks cut off its end are missed at once."""
    draft = file.with_suffix(".new")
    draft.write_text(line + "\n", encoding="utf-8")
    os.replace(draft, file)
