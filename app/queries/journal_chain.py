"""Prove the journal: every row as it was sealed, none missing, none slipped in, no block made anew."""

import json
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.base import crypt, notary
from app.models import journal_print
from app.models.db import db

PURPOSE = "journal"


@dataclass(frozen=True)
class Block:
    number: int
    sealed_at: datetime
    horizon: int
    last_xid: int
    last_id: UUID
    ids: Sequence[UUID]
    prints: bytes
    previous: bytes
    hash: bytes
    signature: bytes


@dataclass(frozen=True)
class Finding:
    """`what`: edited, removed, inserted, forged (a row); rewritten, missing, cut, restored (blocks)."""

    what: str
    block: int | None = None
    row: UUID | None = None

    def __str__(self) -> str:
        row = f" row {self.row}" if self.row else ""
        return f"{self.what}:{f' block {self.block}' if self.block else ''}{row}"


@dataclass
class Report:
    blocks: int = 0
    rows: int = 0
    unsealed: int = 0
    findings: list[Finding] = field(default_factory=list)


_BLOCK = "number, sealed_at, horizon, last_xid, last_id, ids, prints, previous, hash, signature"
_HEAD = text(f"SELECT {_BLOCK} FROM journal_block ORDER BY number DESC LIMIT 1")  # noqa: S608 - columns of ours
_AFTER = text(f"SELECT {_BLOCK} FROM journal_block WHERE number > :number ORDER BY number LIMIT 1")  # noqa: S608
_SEALED = text(f"SELECT {', '.join(journal_print.COLUMNS)} FROM journal WHERE id = ANY(:ids)")  # noqa: S608
_BETWEEN = text("SELECT id FROM journal WHERE (xid, id) > (:xid, :id) AND (xid, id) <= (:last_xid, :last_id)")
_LATE = text("SELECT id FROM journal WHERE (xid, id) > (:xid, :id) AND xid < :horizon")
_LOOSE = text("SELECT id, details FROM journal WHERE (xid, id) > (:xid, :id) AND xid >= :horizon")
_NEXT_XID = text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")


def head() -> Block | None:
    """The newest block."""
    row = db.session.execute(_HEAD).one_or_none()
    return _block(row) if row else None


def told(file: Path) -> list[dict[str, Any]]:
    """The heads that were written down outside the database; a line that cannot be read is none."""
    if not file.exists():
        return []
    return [found for line in file.read_text("utf-8").splitlines() if (found := _told(line))]


def verify(*heads: Path) -> Report:
    """Walk the whole chain. `heads`: files of signed heads that the chain must still contain."""
    report = Report()
    last: Block | None = None
    hashes: dict[int, bytes] = {}
    for block in _blocks():
        hashes[block.number] = block.hash
        report.findings += _chained(block, last)
        report.findings += _rows(block, last, report)
        report.blocks += 1
        last = block
    report.findings += _end(last, report)
    report.findings += [finding for file in heads for finding in _kept(told(file), hashes)]
    report.findings = _once(report.findings)
    return report


def _blocks() -> Iterator[Block]:
    number = 0
    while (row := db.session.execute(_AFTER, {"number": number}).one_or_none()) is not None:
        yield _block(row)
        number = row.number


def _chained(block: Block, last: Block | None) -> Iterator[Finding]:
    """The block says what it said, and stands behind the one it stood behind."""
    expected = last.number + 1 if last else 1
    yield from (Finding("missing", number) for number in range(expected, block.number))
    hashed = journal_print.of_block(
        block.number,
        block.sealed_at,
        block.horizon,
        (block.last_xid, block.last_id),
        block.ids,
        block.prints,
        block.previous,
    )
    whole = hashed == block.hash and notary.fits(PURPOSE, block.hash, block.signature)
    linked = block.previous == (last.hash if last else journal_print.BEGINNING)
    if not whole or not linked and block.number == expected:
        yield Finding("rewritten", block.number)


def _rows(block: Block, last: Block | None, report: Report) -> Iterator[Finding]:
    prints = {
        row: block.prints[at * journal_print.SIZE : (at + 1) * journal_print.SIZE] for at, row in enumerate(block.ids)
    }
    found = {row.id: row for row in db.session.execute(_SEALED, {"ids": list(block.ids)})}
    for row_id, kept in prints.items():
        report.rows += 1
        if row_id not in found:
            yield Finding("removed", block.number, row_id)
        elif journal_print.of_row(found[row_id]) != kept:
            yield Finding("edited", block.number, row_id)
        elif not _opens(row_id, found[row_id].details):
            yield Finding("forged", block.number, row_id)
    span = {**_from(last), "last_xid": block.last_xid, "last_id": block.last_id}
    there = db.session.scalars(_BETWEEN, span).all()
    yield from (Finding("inserted", block.number, row_id) for row_id in there if row_id not in prints)


def _end(last: Block | None, report: Report) -> Iterator[Finding]:
    """Behind the last block only rows may stand whose transactions were still open when it was made."""
    horizon = last.horizon if last else 0
    if horizon > (db.session.scalar(_NEXT_XID) or 0):
        yield Finding("restored", last.number if last else None)
    if last is not None:
        late = db.session.scalars(_LATE, {**_from(last), "horizon": horizon})
        yield from (Finding("inserted", None, row_id) for row_id in late)
    for row in db.session.execute(_LOOSE, {**_from(last), "horizon": horizon}):
        report.unsealed += 1
        if not _opens(row.id, row.details):
            yield Finding("forged", None, row.id)


def _kept(heads: list[dict[str, Any]], hashes: dict[int, bytes]) -> Iterator[Finding]:
    """A head that went out is still in the chain: nobody cut the end off or made the chain anew."""
    for one in heads:
        number, hashed = int(one["number"]), bytes.fromhex(one["hash"])
        if not notary.fits(PURPOSE, hashed, b64decode(one["signature"])):
            yield Finding("head not ours", number)
        elif number not in hashes:
            yield Finding("cut", number)
        elif hashes[number] != hashed:
            yield Finding("rewritten", number)


def _once(findings: list[Finding]) -> list[Finding]:
    """A row whose transaction number was edited also looks inserted elsewhere; it is told once."""
    edited = {one.row for one in findings if one.what == "edited"}
    told_once = dict.fromkeys(findings)
    return [one for one in told_once if one.what != "inserted" or one.row not in edited]


def _from(last: Block | None) -> dict[str, Any]:
    return {"xid": last.last_xid, "id": last.last_id} if last else {"xid": 0, "id": UUID(int=0)}


def _opens(row_id: UUID, details: bytes) -> bool:
    """Only we can seal for a row's id: whoever writes past the application cannot."""
    try:
        crypt.open_bytes(details, ("journal.details", row_id))
    except crypt.SealBroken:
        return False
    except crypt.KeyUnknown:
        return True  # a key that was put away: the chain itself still proves the row
    return True


def _block(row: Any) -> Block:
    return Block(*row[:6], *(bytes(one) for one in row[6:]))


def _told(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
        return found if {"number", "hash", "signature"} <= found.keys() else None
    except (ValueError, AttributeError):
        return None
