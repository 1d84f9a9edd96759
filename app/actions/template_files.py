"""Files that go with templates: kept with them, and copied into the answer when one is chosen."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import journal, outgoing, uploads
from app.actions.journal import Origin
from app.base import crypt, ids
from app.base.crypt import opened
from app.base.filenames import safe_name
from app.base.masks import masked, without_codes
from app.base.refusal import Refusal
from app.base.storage import NoRoom
from app.models.db import db, transaction
from app.models.journal import declare as declare_kind
from app.models.viewer import Viewer
from app.queries import files, template_files
from app.queries.standing import locked

FILED = declare_kind("template.file_added", _l("File added to a template"))
UNFILED = declare_kind("template.file_removed", _l("File removed from a template"))
MOST = 5


class TooManyFiles(Refusal):
    notice = _l("A template takes at most %(most)s files.")
    status = 422


_ADD = text("""
    INSERT INTO template_file (id, template_id, own_template_id, name, mime, family, size, stored_id)
    VALUES (:id, :template_id, :own_template_id, :name, :mime, :family, :size, :stored_id)
""")
_COUNT = text(
    "SELECT count(*) FROM template_file WHERE template_id = :template_id OR own_template_id = :own_template_id"
)
_REMOVE = text("DELETE FROM template_file WHERE id = :id AND template_id = :template_id RETURNING stored_id")
_FORGET = text("DELETE FROM template_file WHERE own_template_id = :id RETURNING stored_id")
_WAITING = text("""
    SELECT id, name, mime, family, size, stored_id FROM file
     WHERE id = ANY(:ids) AND chat_id = :chat_id AND message_id = :nobody AND state = 'kept' ORDER BY id
""")
_ATTACH = text("""
    INSERT INTO file (id, message_id, chat_id, channel_id, family, name, mime, size, stored_id, state)
    VALUES (:id, :message_id, :chat_id, :channel_id, :family, :name, :mime, :size, :stored_id, 'kept')
""")


def add(template_id: int, stream: BinaryIO, name: str, by: Viewer, now: datetime, origin: Origin) -> None:
    """Keep a file with a template of the bank. Raises FileTooBig, FileNotAllowed, TooManyFiles."""
    stored = uploads.store(stream, name)
    family = uploads.family_of(stored)
    with transaction():
        _keep(name, stored.kind.mime, family, stored.size, stored.id, template_id, None, now)
        journal.note(FILED, by, now, origin, of=("template", template_id), name=masked(safe_name(name)))


def remove(template_id: int, file_id: UUID, by: Viewer, now: datetime, origin: Origin) -> None:
    """Take a file from a template of the bank's; one that is gone already changes nothing."""
    with transaction() as tx:
        stored_id = db.session.scalar(_REMOVE, {"id": file_id, "template_id": template_id})
        if stored_id is not None:
            journal.note(UNFILED, by, now, origin, of=("template", template_id))
            tx.after(files.storage().delete, stored_id)


def keep_own(template_id: int, chat_id: int, file_ids: Sequence[UUID], now: datetime) -> None:
    """What waits in the composer goes with one's own template from now on, in place of what went before."""
    with transaction() as tx:
        for gone in db.session.scalars(_FORGET, {"id": template_id}):
            tx.after(files.storage().delete, gone)
        values = {"ids": list(file_ids), "chat_id": chat_id, "nobody": outgoing.NOBODY}
        for row in db.session.execute(_WAITING, values).all():
            name = opened(row.name, "file.name", row.id)
            _keep(name, row.mime, row.family, row.size, _copy(row.stored_id, name), None, template_id, now)


def attach(chat_id: int, key: str, by: Viewer, now: datetime) -> list[tuple[UUID, str]]:
    """Copy the files of a template into the composer of a chat: their ids and names there."""
    attached = []
    with transaction():
        standing = locked(chat_id)
        for one in template_files.usable(by, key) if standing else ():
            file_id = ids.uuid7(now)
            values = {
                "id": file_id,
                "message_id": outgoing.NOBODY,
                "chat_id": chat_id,
                "channel_id": standing.channel_id if standing else 0,
                "family": one.family,
                "name": crypt.seal(one.name, at=("file.name", file_id)),
                "mime": one.mime,
                "size": one.size,
                "stored_id": _copy(one.stored_id, one.name),
            }
            db.session.execute(_ATTACH, values)
            attached.append((file_id, masked(one.name)))
    return attached


def _keep(
    name: str,
    mime: str,
    family: str,
    size: int,
    stored_id: UUID,
    bank_id: int | None,
    own_id: int | None,
    now: datetime,
) -> None:
    whose = {"template_id": bank_id, "own_template_id": own_id}
    if (db.session.scalar(_COUNT, whose) or 0) >= MOST:
        raise TooManyFiles(most=MOST)
    file_id = ids.uuid7(now)
    sealed = crypt.seal(without_codes(safe_name(name)), at=("template_file.name", file_id))
    about = {"id": file_id, "name": sealed, "mime": mime, "family": family, "size": size, "stored_id": stored_id}
    db.session.execute(_ADD, {**whose, **about})


def _copy(stored_id: UUID, name: str) -> UUID:
    """The same content once more: what a message sent stays when the template goes."""
    try:
        return files.storage().put(_Stream(files.storage().open(stored_id)), limit=uploads.LARGEST, name=name).id
    except NoRoom:
        raise uploads.NoRoomForFiles from None


class _Stream:
    """Pieces of a file, read as a file."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts

    def read(self, _size: int, /) -> bytes:
        return next(self._parts, b"")
