"""Change or take back what was said to the client, where the channel lets one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import outgoing, quoting, reply
from app.actions.forgetting import is_split_code
from app.base import crypt, wakeups
from app.base.later import later
from app.base.masks import without_codes
from app.base.refusal import Refusal
from app.base.text import clean
from app.channels import registry
from app.live import push
from app.models.db import db, retried, transaction
from app.models.viewer import Viewer
from app.queries.standing import Standing, locked


class CannotChange(Refusal):
    notice = _l("This message cannot be changed any more.")


class ChannelKeeps(Refusal):
    notice = _l("This channel does not let sent messages be changed.")


_MINE = text("""
    SELECT m.id, m.at, m.text, m.state, m.person_id, h.kind AS channel_kind,
           count(o.id) FILTER (WHERE o.verb = 'send') AS parts,
           (SELECT count(*) FROM message_version v WHERE v.message_id = m.id) AS versions,
           EXISTS (SELECT 1 FROM file f WHERE f.message_id = m.id) AS captioned
      FROM message m JOIN identity i ON i.id = m.identity_id JOIN channel h ON h.id = i.channel_id
      LEFT JOIN outbox o ON o.message_id = m.id
     WHERE m.id = :id AND m.chat_id = :chat_id AND m.kind = 'mine' AND m.withdrawn_at IS NULL
     GROUP BY m.id, m.at, m.text, m.state, m.person_id, h.kind
""")
_VERSION = text("INSERT INTO message_version (message_id, version, text, until) VALUES (:id, :version, :text, :now)")
_REWORD = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :chat_id RETURNING rev)
    UPDATE message SET text = :text, edited_at = :now, rev = bumped.rev FROM bumped WHERE message.id = :id
""")
_WITHDRAW = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :chat_id RETURNING rev)
    UPDATE message SET withdrawn_at = :now, rev = bumped.rev FROM bumped WHERE message.id = :id
""")


@retried
def reword(message_id: UUID, chat_id: int, said: str, by: Viewer, now: datetime) -> None:
    """Replace the text of one's own sent message; the old one is kept. Raises CannotChange, ChannelKeeps."""
    said = clean(said, reply.LONGEST).strip()
    with transaction() as tx:
        standing, message = _own(message_id, chat_id, by)
        limits = registry.door(message.channel_kind).limits
        if not said:
            raise reply.NothingSaid
        if not limits.edits:
            raise ChannelKeeps
        most = limits.caption if message.captioned else limits.text
        if message.parts != 1 or len(said.encode("utf-16-le")) // 2 > most:
            raise CannotChange
        _keep_version(message, now)
        secret = is_split_code(chat_id, said, message.at)
        sealed = crypt.seal(without_codes(said, whole=secret), at=("message.text", message_id))
        db.session.execute(_REWORD, {"id": message_id, "chat_id": chat_id, "text": sealed, "now": now})
        outgoing.queue_change(standing, message_id, "edit", said, now, secret=secret)
        quoting.redraw(tx, chat_id, message_id)
        _show(tx, chat_id, message_id)


@retried
def take_back(message_id: UUID, chat_id: int, by: Viewer, now: datetime) -> None:
    """Delete one's own message at the client's; its text stays in the history. Raises CannotChange, ChannelKeeps."""
    with transaction() as tx:
        standing, message = _own(message_id, chat_id, by)
        if not registry.door(message.channel_kind).limits.deletes:
            raise ChannelKeeps
        db.session.execute(_WITHDRAW, {"id": message_id, "chat_id": chat_id, "now": now})
        outgoing.queue_change(standing, message_id, "delete", "", now)
        _show(tx, chat_id, message_id)


def _own(message_id: UUID, chat_id: int, by: Viewer) -> tuple[Standing, Any]:
    standing = locked(chat_id)
    if standing is None:
        raise reply.NothingOpen
    message = db.session.execute(_MINE, {"id": message_id, "chat_id": chat_id}).one_or_none()
    if message is None or message.person_id != by.person_id or message.state not in ("sent", "delivered", "read"):
        raise CannotChange
    return standing, message


def _keep_version(message: Any, now: datetime) -> None:
    old = crypt.open_sealed(message.text, ("message.text", message.id))
    sealed = crypt.seal(old, at=("message_version.text", message.id))
    db.session.execute(_VERSION, {"id": message.id, "version": message.versions + 1, "text": sealed, "now": now})


def _show(tx: Any, chat_id: int, message_id: UUID) -> None:
    tx.after(push.message_changed, chat_id, message_id)
    tx.after(push.row_changed, chat_id)
    tx.after(later, wakeups.DRAIN_OUTBOX)
