"""Take a word back into the field before it is sent: as if it had never been said (clause 9.4)."""

from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import reply
from app.actions.outgoing import NOBODY
from app.actions.record import record
from app.base import crypt
from app.base.refusal import Refusal
from app.live import push
from app.models.chat import Verb
from app.models.db import db, retried, transaction
from app.models.viewer import Viewer
from app.queries import draft
from app.queries.standing import Standing, locked


class AlreadySent(Refusal):
    notice = _l("This message is on its way already.")


_MINE = text("""
    SELECT text FROM message WHERE id = :id AND chat_id = :chat_id AND kind = 'mine' AND person_id = :person_id
""")
# What a sender has claimed in the meantime stays, and then nothing is taken back.
_UNSENT = text("DELETE FROM outbox WHERE message_id = :id AND state = 'queued' AND tries = 0 RETURNING 1")
_LEFT = text("SELECT EXISTS (SELECT 1 FROM outbox WHERE message_id = :id)")
_FILES = text("UPDATE file SET message_id = :nobody WHERE message_id = :id RETURNING id")
_FORGET = text("""
    WITH words AS (DELETE FROM message_words WHERE message_id = :id) DELETE FROM message WHERE id = :id
""")
_UNANSWERED = text("""
    UPDATE episode SET first_reply_at = NULL
     WHERE id = :episode_id AND NOT EXISTS (SELECT 1 FROM message m WHERE m.chat_id = :chat_id
                                               AND m.episode_id = :episode_id AND m.kind = 'mine')
""")
# The client waits again since his first word behind the last answer.
_STANDS = text("""
    WITH last AS (SELECT id, at FROM message WHERE chat_id = :chat_id ORDER BY at DESC, id DESC LIMIT 1),
    spoke AS (
      SELECT at, received_at FROM message WHERE chat_id = :chat_id AND episode_id = :episode_id AND kind = 'mine'
       ORDER BY at DESC, id DESC LIMIT 1
    ),
    asked AS (
      SELECT min(received_at) AS since FROM message
       WHERE chat_id = :chat_id AND episode_id = :episode_id AND kind = 'client'
         AND at > coalesce((SELECT at FROM spoke), '-infinity')
    )
    UPDATE standing SET last_id = (SELECT id FROM last), last_at = coalesce((SELECT at FROM last), last_at),
           waits_since = asked.since,
           awaits_since = CASE WHEN asked.since IS NULL THEN (SELECT received_at FROM spoke) END
      FROM asked WHERE chat_id = :chat_id
""")


@retried
def undo(message_id: UUID, chat_id: int, by: Viewer, now: datetime, typed: str | None = None) -> list[UUID]:
    """Take back one's own word that nobody has begun to send: its text stands before what was `typed` meanwhile.

    None: before what is kept as the draft. The files that were attached. Raises NothingOpen, AlreadySent.
    """
    with transaction() as tx:
        standing = locked(chat_id)
        if standing is None:
            raise reply.NothingOpen
        said = _unsent(message_id, chat_id, by)
        files = list(db.session.scalars(_FILES, {"id": message_id, "nobody": NOBODY}))
        _forget(message_id, standing)
        typed = draft.text_of(chat_id, by) if typed is None else typed
        reply.keep_draft(chat_id, "\n".join(filter(None, (said, typed.strip()))), by, now)
        record(tx, chat_id, standing.episode_id, Verb.UNDONE, by.person_id, now, message=str(message_id))
        tx.after(push.row_changed, chat_id)
    return sorted(files)


def _unsent(message_id: UUID, chat_id: int, by: Viewer) -> str:
    """The text of what is now surely not sent."""
    values = {"id": message_id, "chat_id": chat_id, "person_id": by.person_id}
    sealed = db.session.scalar(_MINE, values)
    if sealed is None or not db.session.execute(_UNSENT, values).all() or db.session.scalar(_LEFT, values):
        raise AlreadySent
    return crypt.open_sealed(sealed, ("message.text", message_id))


def _forget(message_id: UUID, standing: Standing) -> None:
    values = {"id": message_id, "chat_id": standing.chat_id, "episode_id": standing.episode_id}
    for statement in (_FORGET, _UNANSWERED, _STANDS):
        db.session.execute(statement, values)
