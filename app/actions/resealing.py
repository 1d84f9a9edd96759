"""Seal anew, in the background, what older keys have sealed: batch by batch, resumable, while the desk works (12.25).

A rotation adds a key to the file; every process notices within seconds and seals with it from then on. This job then
goes through the register of sealed columns and the files. The old key may leave the file once nothing needs it.
"""

import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import journal
from app.actions.journal import Origin
from app.base import clock, crypt, wakeups
from app.base.later import later
from app.base.storage import FileBroken, FileMissing
from app.models import sealed
from app.models.db import db, transaction
from app.models.journal import declare as declare_kind
from app.models.sealed import SealedColumn
from app.models.viewer import AnyViewer
from app.queries import files

log = logging.getLogger(__name__)

ROTATED = declare_kind("keys.rotated", _l("Sealing key added"))

# The new mark (None at the end), how many were sealed anew, how many do not open.
Batch = tuple[str | None, int, int]

BATCH = 1000
# By then every process has read the key file again, so nothing more is sealed with an older key.
SETTLES = timedelta(seconds=20)
_A_RUN = timedelta(seconds=20)


_BEGIN = text("""
    INSERT INTO reseal (place, key_id, total, began_at) VALUES (:place, :key_id, :total, :now)
    ON CONFLICT (place) DO UPDATE SET key_id = excluded.key_id, total = excluded.total, began_at = excluded.began_at,
           mark = '', done = 0, broken = 0, ended_at = NULL WHERE reseal.key_id <> excluded.key_id
""")
_STANDS = text("SELECT mark, ended_at FROM reseal WHERE place = :place AND key_id = :key_id FOR UPDATE SKIP LOCKED")
_MOVE = text("""
    UPDATE reseal SET mark = :mark, done = done + :done, broken = broken + :broken, ended_at = :ended_at
     WHERE place = :place
""")
_ALONE = text("SELECT pg_try_advisory_xact_lock(7314)")


def rotate(file: Path, by: AnyViewer, origin: Origin, now: datetime) -> str:
    """Add a key to the file and let it seal from now on; its id. Everything older is sealed anew by and by."""
    before = crypt.ring().current
    ring = crypt.KeyRing.rotate(file)
    with transaction() as tx:
        journal.note(ROTATED, by, now, origin, of=("key", ring.current), before=before)
        tx.after(later, wakeups.RESEAL)
    return ring.current


def go_on(now: datetime, file: Path) -> bool:
    """Work for a while on what is still under older keys; True when nothing is left. Rings again until then."""
    crypt.look_again()
    if len(crypt.ring().keys) == 1 or _fresh(file, now):
        return False
    ends = clock.now() + _A_RUN
    key_id = crypt.ring().current
    for column in sealed.COLUMNS:
        if not column.kept and not _through(column.name, key_id, ends, now, partial(_rows, column)):
            later(wakeups.RESEAL)
            return False
    for table, column_name in sealed.FILES:
        place = f"files of {table}"
        if not _through(place, key_id, ends, now, partial(_files, table, column_name)):
            later(wakeups.RESEAL)
            return False
    return True


def _fresh(file: Path, now: datetime) -> bool:
    return now.timestamp() - file.stat().st_mtime < SETTLES.total_seconds()


def _through(place: str, key_id: str, ends: datetime, now: datetime, batch: Callable[[str], Batch]) -> bool:
    """Go through one place until it ends or the time does; True when nothing is left there."""
    if not _begun(place, key_id, now):
        return True
    while clock.now() < ends:
        with transaction():
            if not db.session.scalar(_ALONE):
                return False
            stands = db.session.execute(_STANDS, {"place": place, "key_id": key_id}).one_or_none()
            if stands is None or stands.ended_at is not None:
                return stands is not None
            mark, done, broken = batch(stands.mark)
            ended = clock.now() if mark is None else None
            values = {"place": place, "mark": mark or stands.mark, "done": done, "broken": broken, "ended_at": ended}
            db.session.execute(_MOVE, values)
        if ended:
            return True
    return False


def _begun(place: str, key_id: str, now: datetime) -> bool:
    """Make the place's row when it has none for this key; False when there is nothing left to do."""
    asked = text("SELECT ended_at IS NULL FROM reseal WHERE place = :place AND key_id = :key_id")
    unfinished = db.session.scalar(asked, {"place": place, "key_id": key_id})
    db.session.rollback()
    if unfinished is None:
        with transaction():
            total = db.session.scalar(text(_total(place)), {"header": crypt.header(key_id)})
            db.session.execute(_BEGIN, {"place": place, "key_id": key_id, "total": total, "now": now})
        return True
    return bool(unfinished)


def _total(place: str) -> str:
    for table, column_name in sealed.FILES:
        if place == f"files of {table}":
            return f"SELECT count({column_name}) FROM {table} WHERE CAST(:header AS bytea) IS NOT NULL"  # noqa: S608
    column = next(one for one in sealed.COLUMNS if one.name == place)
    return f"SELECT count(*) FROM {column.table} WHERE {_older(column)}"  # noqa: S608 - names of ours


def _older(column: SealedColumn) -> str:
    return f"substring({column.column} FROM 1 FOR length(CAST(:header AS bytea))) <> CAST(:header AS bytea)"


def _rows(column: SealedColumn, mark: str) -> Batch:
    """Seal the next rows of a column anew."""
    names = ", ".join(name for name, _type in column.keys)
    casts = [f"CAST(CAST(:k{place} AS text) AS {kind})" for place, (_name, kind) in enumerate(column.keys)]
    after = f"AND ({names}) > ({', '.join(casts)})" if mark else ""
    asked = text(f"""
        SELECT {", ".join(f"{name}::text AS k{place}" for place, (name, _type) in enumerate(column.keys))},
               ({column.bound})::text AS bound, {column.column} AS value
          FROM {column.table} WHERE {_older(column)} {after} ORDER BY {names} LIMIT {BATCH}
    """)  # noqa: S608 - names of ours
    keys = dict(zip((f"k{place}" for place in range(len(casts))), json.loads(mark) if mark else (), strict=False))
    rows = db.session.execute(asked, {"header": crypt.header(crypt.ring().current), **keys}).all()
    if not rows:
        return None, 0, 0
    fresh = [found for row in rows if (found := _anew(column, row)) is not None]
    if fresh:
        db.session.execute(text(_change(column)), _columns(fresh))
    last = json.dumps([getattr(rows[-1], f"k{place}") for place in range(len(casts))])
    return last, len(fresh), len(rows) - len(fresh)


def _change(column: SealedColumn) -> str:
    """One statement for a batch. Whoever has written a value in the meantime has sealed it with the new key."""
    places = range(len(column.keys))
    lists = [f"CAST(CAST(:k{place} AS text[]) AS {column.keys[place][1]}[])" for place in places]
    first, kind = column.keys[0]
    whose = [f"t.{column.keys[place][0]} = n.k{place}" for place in places]
    # So that only the month they stand in is looked at.
    whose += [f"t.{first} {sign} CAST(CAST(:{end} AS text) AS {kind})" for sign, end in ((">=", "low"), ("<=", "high"))]
    return f"""
        UPDATE {column.table} t SET {column.column} = n.new
          FROM unnest({", ".join(lists)}, CAST(:old AS bytea[]), CAST(:new AS bytea[]))
               n ({", ".join(f"k{place}" for place in places)}, old, new)
         WHERE {" AND ".join(whose)} AND t.{column.column} = n.old
    """  # noqa: S608 - names of ours


def _columns(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Rows as a list for each name, and the first and last of what they are sorted by."""
    lists = {name: [row[name] for row in rows] for name in rows[0]}
    return {**lists, "low": lists["k0"][0], "high": lists["k0"][-1]}


def _anew(column: SealedColumn, row: Any) -> dict[str, Any] | None:
    """The row's value under the current key; None when it does not open, which is told and left as it is."""
    keys = {name: value for name, value in row._mapping.items() if name not in ("bound", "value")}
    try:
        return {**keys, "old": bytes(row.value), "new": crypt.reseal(row.value, (column.name, row.bound))}
    except (crypt.SealBroken, crypt.KeyUnknown) as error:
        log.error("%s cannot be sealed anew: %s", column.name, error)
        return None


def _files(table: str, column: str, mark: str) -> Batch:
    """Seal the next files anew; a rename puts each in its place whole."""
    asked = text(f"""
        SELECT {column} FROM {table} WHERE {column} > CAST(CAST(:mark AS text) AS uuid) ORDER BY {column} LIMIT 20
    """)  # noqa: S608 - names of ours
    found: Sequence[UUID] = db.session.scalars(asked, {"mark": mark or str(UUID(int=0))}).all()
    broken = 0
    for stored_id in found:
        try:
            files.storage().reseal(stored_id)
        except (FileMissing, FileBroken, crypt.KeyUnknown) as error:
            log.error("file %s cannot be sealed anew: %s", stored_id, type(error).__name__)
            broken += 1
    return (str(found[-1]), len(found) - broken, broken) if found else (None, 0, 0)
