"""Write the journal: in the transaction of what it tells, so that neither stands without the other."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from redis.exceptions import RedisError
from sqlalchemy import insert

from app.base import crypt, ids, redis
from app.base.refusal import Refusal
from app.models.db import db, transaction
from app.models.journal import JournalRow, Kind, declare
from app.models.journal_policy import VIEW_MINUTES
from app.models.viewer import AnyViewer, Viewer
from app.queries import settings as stored

EXPORTED = declare("journal.exported", _l("Journal exported"))


class Origin:
    """From where: the address and device behind a request, or the command line."""

    def __init__(self, address: str = "", device: str = "") -> None:
        self.address, self.device = address, device[:300]


HERE = Origin("local", "command line")


def note(
    kind: Kind,
    by: AnyViewer | None,
    now: datetime,
    origin: Origin,
    *,
    of: tuple[str, object] = ("", ""),
    login: str = "",
    outcome: str = "done",
    **details: Any,
) -> None:
    """Add one row. `of` is (kind, id) of the object; `details` hold before and after, secrets already masked."""
    row_id = ids.uuid7(now)
    db.session.execute(
        insert(JournalRow).values(
            id=row_id,
            at=now,
            kind=kind.code,
            outcome=outcome,
            person_id=by.person_id if by else None,
            login=login or (by.login if by else ""),
            address=origin.address,
            device=origin.device,
            object_kind=of[0],
            object_id=str(of[1]),
            details=crypt.seal(json.dumps(details, ensure_ascii=False, default=str), at=("journal.details", row_id)),
        )
    )


@contextmanager
def attempt(
    kind: Kind, by: AnyViewer, now: datetime, origin: Origin, *, of: tuple[str, object] = ("", "")
) -> Iterator[None]:
    """Note what a rule refused, too: the transaction inside has gone, so the note stands in one of its own."""
    try:
        yield
    except Refusal as refusal:
        with transaction():
            note(kind, by, now, origin, of=of, outcome="refused", reason=type(refusal).__name__)
        raise


def saw(
    kind: Kind, viewer: Viewer, now: datetime, origin: Origin, *, of: tuple[str, object] = ("", ""), **details: Any
) -> None:
    """Note that somebody looked; looking at the same again within the audit policy's minutes is the same look."""
    if not _looked_lately(f"{kind.code}:{of[0]}:{of[1]}:{viewer.session_id}"):
        with transaction():
            note(kind, viewer, now, origin, of=of, **details)


def exported(viewer: Viewer, now: datetime, origin: Origin, **what: Any) -> None:
    """Note that rows of the journal left the house."""
    with transaction():
        note(EXPORTED, viewer, now, origin, of=("journal", ""), **what)


def _looked_lately(what: str) -> bool:
    seconds = 60 * stored.value(VIEW_MINUTES)
    if not seconds:
        return False
    try:
        return not redis.client().set(f"muloqot:saw:{what}", 1, nx=True, ex=seconds)
    except RedisError:
        return False  # rather twice than never
