"""What an operator says: to the client, or as a note to colleagues that never leaves the house."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import mentions, outgoing
from app.actions.forgetting import is_split_code
from app.base import crypt, ids, wakeups
from app.base.later import later
from app.base.masks import without_codes
from app.base.refusal import Refusal
from app.base.text import clean
from app.live import push
from app.models.chat import UNDO, MessageKind
from app.models.db import db, retried, transaction
from app.models.viewer import Viewer
from app.queries import duty, passages
from app.queries.standing import Standing, locked

LONGEST = 20_000


class NothingOpen(Refusal):
    notice = _l("This chat is finished. Open it again to write to the client.")


class NotYours(Refusal):
    notice = _l("%(name)s answers in this chat. Take it first, so that the client does not get two answers.")


class NotTaken(Refusal):
    notice = _l("Take this chat first, then answer.")


class NotReachable(Refusal):
    notice = _l("The client cannot be written to there. Choose another channel.")
    status = 422


class NothingSaid(Refusal):
    notice = _l("Write something or attach a file.")
    status = 422


class TooLong(Refusal):
    notice = _l("At most %(most)s characters; this has %(here)s.")
    status = 422


_SAID = text("""
    SELECT id FROM message WHERE chat_id = :chat_id AND client_id = :client_id AND at > :since LIMIT 1
""")

_SAY = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :chat_id RETURNING rev),
    answered AS (
      UPDATE episode SET first_reply_at = :now
       WHERE id = :episode_id AND first_reply_at IS NULL AND CAST(:state AS text) IS NOT NULL
    ),
    stood AS (
      UPDATE standing SET last_id = :id, last_at = :at,
             waits_since = CASE WHEN CAST(:state AS text) IS NULL THEN waits_since END,
             awaits_since = CASE WHEN CAST(:state AS text) IS NULL THEN awaits_since ELSE CAST(:now AS timestamptz) END,
             unread = CASE WHEN CAST(:state AS text) IS NULL THEN unread ELSE 0 END
       WHERE chat_id = :chat_id
    ),
    written AS (DELETE FROM draft WHERE chat_id = :chat_id AND person_id = :person_id)
    INSERT INTO message (id, chat_id, episode_id, identity_id, kind, person_id, at, received_at, client_id, text, state,
                         reply_to, rev)
    SELECT :id, :chat_id, :episode_id, :identity_id, :kind, :person_id, :at, :now, :client_id, :text,
           CAST(:state AS text),
           CAST(:reply_to AS uuid), rev
      FROM bumped
""")

_CUSTOMER = text("SELECT customer_id FROM chat WHERE id = :chat_id")
_SEEN = text("UPDATE standing SET unread = 0 WHERE chat_id = :chat_id AND owner_id = :person_id AND unread > 0")

_DRAFT = text("""
    INSERT INTO draft (chat_id, person_id, text, saved_at) VALUES (:chat_id, :person_id, :text, :now)
    ON CONFLICT (chat_id, person_id) DO UPDATE SET text = excluded.text, saved_at = excluded.saved_at
    RETURNING xmax = 0
""")
_NO_DRAFT = text("DELETE FROM draft WHERE chat_id = :chat_id AND person_id = :person_id")


@retried
def say(
    chat_id: int,
    said: str,
    by: Viewer,
    now: datetime,
    *,
    client_id: str = "",
    reply_to: UUID | None = None,
    file_ids: Sequence[UUID] = (),
    identity_id: int | None = None,
    undoable: bool = False,
) -> UUID:
    """Put a word to the client on its way: stored with its parts, then sent by the drain.

    It is sent as it was written; a code in it is not kept (clause 15.5).
    The same `client_id` again (a double click, a resent form) gives the first message's id. It goes where the client
    wrote last, or to another place of his, `identity_id`. `undoable`: the author has a few seconds to take it back.
    Raises NothingOpen, NotReachable, NotTaken, NotYours, NotAtWork, NothingSaid, TooLong.
    """
    said = clean(said, LONGEST * 2).strip()
    _check_length(said, bool(file_ids))
    with transaction() as tx:
        standing = _standing(chat_id)
        _check_owner(standing, by)
        duty.must_serve(by.person_id)
        if (twin := _twin(chat_id, client_id, now)) is not None:
            return twin
        standing = _towards(standing, identity_id)
        secret = is_split_code(chat_id, said, now)
        kept = without_codes(said, whole=secret)
        message_id = _keep(standing, MessageKind.MINE, kept, by, now, client_id, reply_to)
        hold = UNDO if undoable else None
        outgoing.queue(standing, message_id, said, now, reply_to=reply_to, file_ids=file_ids, hold=hold, secret=secret)
        tx.after(push.message_changed, chat_id, message_id)
        tx.after(push.row_changed, chat_id)
        tx.after(later, wakeups.DRAIN_OUTBOX)
    return message_id


@retried
def note(
    chat_id: int, said: str, by: Viewer, now: datetime, *, client_id: str = "", named: Collection[int] = ()
) -> UUID:
    """A note to colleagues. It has no outbox part: it cannot reach the client. A client's code is not kept in it.

    `named`: the people it mentions, who are told.
    """
    said = without_codes(clean(said, LONGEST * 2).strip())
    _check_length(said, False)
    with transaction() as tx:
        standing = _standing(chat_id)
        said = without_codes(said, whole=is_split_code(chat_id, said, now))
        if (twin := _twin(chat_id, client_id, now)) is not None:
            return twin
        message_id = _keep(standing, MessageKind.NOTE, said, by, now, client_id, None)
        mentions.tell(tx, named, chat_id, message_id, said, by, now)
        tx.after(push.message_changed, chat_id, message_id)
    return message_id


def retry(message_id: UUID, chat_id: int, by: Viewer, now: datetime) -> None:
    """Send again what failed or is uncertain; the person decides, because it may arrive twice."""
    with transaction() as tx:
        _check_owner(_standing(chat_id), by)
        outgoing.again(message_id, now)
        tx.after(push.message_changed, chat_id, message_id)
        tx.after(push.row_changed, chat_id)
        tx.after(later, wakeups.DRAIN_OUTBOX)


def seen(chat_id: int, by: Viewer, now: datetime) -> None:
    """The owner has looked at the thread."""
    with transaction() as tx:
        if db.session.execute(_SEEN, {"chat_id": chat_id, "person_id": by.person_id}).rowcount:  # type: ignore[attr-defined]
            tx.after(push.row_changed, chat_id)


def keep_draft(chat_id: int, said: str, by: Viewer, now: datetime) -> None:
    """Keep what is being written, sealed and without codes; an empty one is forgotten. Its row shows that there is one.

    A row is not drawn anew for each letter.
    """
    with transaction() as tx:
        values: dict[str, Any] = {"chat_id": chat_id, "person_id": by.person_id}
        if not said.strip():
            changed = bool(db.session.execute(_NO_DRAFT, values).rowcount)  # type: ignore[attr-defined]
        else:
            said = clean(said, LONGEST)
            kept = without_codes(said, whole=is_split_code(chat_id, said, now))
            sealed = crypt.seal(kept, at=("draft.text", f"{chat_id}:{by.person_id}"))
            changed = bool(db.session.scalar(_DRAFT, {**values, "text": sealed, "now": now}))
        if changed:
            tx.after(push.row_changed, chat_id)


def _standing(chat_id: int) -> Standing:
    standing = locked(chat_id)
    if standing is None:
        raise NothingOpen
    return standing


def _towards(standing: Standing, identity_id: int | None) -> Standing:
    """The same standing, with another place the word goes to."""
    if identity_id is None or identity_id == standing.identity_id:
        return standing
    customer_id = db.session.scalar(_CUSTOMER, {"chat_id": standing.chat_id})
    for place in passages.reachable(customer_id):
        if place.identity_id == identity_id:
            return replace(
                standing,
                identity_id=identity_id,
                channel_id=place.channel_id,
                channel_kind=place.channel_kind,
                lane=place.lane,
            )
    raise NotReachable


def _check_owner(standing: Standing, by: Viewer) -> None:
    if standing.owner_id is None:
        raise NotTaken
    if standing.owner_id != by.person_id:
        raise NotYours(name=standing.owner_name)


def _check_length(said: str, has_files: bool) -> None:
    if not said and not has_files:
        raise NothingSaid
    if len(said) > LONGEST:
        raise TooLong(most=LONGEST, here=len(said))


def _twin(chat_id: int, client_id: str, now: datetime) -> UUID | None:
    """The message that this very form has made already."""
    if not client_id:
        return None
    values = {"chat_id": chat_id, "client_id": client_id, "since": now - timedelta(days=1)}
    found: UUID | None = db.session.scalar(_SAID, values)
    return found


def _keep(
    standing: Standing, kind: MessageKind, said: str, by: Viewer, now: datetime, client_id: str, reply_to: UUID | None
) -> UUID:
    message_id = ids.uuid7(now)
    values = {
        "id": message_id,
        "chat_id": standing.chat_id,
        "episode_id": standing.episode_id,
        "identity_id": standing.identity_id,
        "kind": kind.value,
        "person_id": by.person_id,
        # A provider's clock may run ahead of ours; an answer still stands below what it answers.
        "at": max(now, standing.last_at + timedelta(microseconds=1)),
        "now": now,
        "client_id": client_id or None,
        "text": crypt.seal(said, at=("message.text", message_id)),
        "state": "queued" if kind is MessageKind.MINE else None,
        "reply_to": reply_to,
    }
    db.session.execute(_SAY, values)
    return message_id
