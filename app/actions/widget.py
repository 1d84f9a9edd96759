"""What the client does in the chat on the site: write, read, type, end it. Words go the road of every channel."""

import re
from datetime import datetime, timedelta
from typing import Any, BinaryIO
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import closing, going_on, intake, presence, rating, signed, uploads
from app.base import crypt
from app.base.filenames import safe_name
from app.base.refusal import Refusal
from app.base.text import clean
from app.channels import webchat
from app.channels.contract import Raw
from app.live import push
from app.models.db import db, retried, transaction
from app.queries import ratings, widget
from app.queries.widget import Door, Here, Home, Visitor

LONGEST = 4000
_CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class NothingWritten(Refusal):
    notice = _l("Write something or attach a file.")
    status = 422


class TooMuchWritten(Refusal):
    notice = _l("At most %(most)s characters in one message. Send it in parts.")
    status = 422


class FileTooBig(Refusal):
    notice = _l("The file is larger than 20 MB. Send a smaller one.")
    status = 413


class NoRoomForFiles(Refusal):
    notice = _l("Files cannot be taken just now. Send your message without it, or try again later.")
    status = 507


class FileNotTaken(Refusal):
    notice = _l("Files of this kind are not accepted. Send a photo, a document or an archive.")
    status = 422


class NothingAsked(Refusal):
    notice = _l("There is nothing to rate here.")
    status = 404


_DOUBLE = text("""
    SELECT EXISTS (SELECT 1 FROM inbox WHERE channel_id = :channel_id AND external_id = :raw_id)
        OR EXISTS (SELECT 1 FROM seen WHERE channel_id = :channel_id AND lane = :lane AND kind = 'message'
                      AND external_id = :client_id AND version = 0)
""")
_ADDRESS = text("UPDATE identity SET address = :address, address_at = :now WHERE id = :id")
_ADDRESS_STANDS = timedelta(minutes=10)
_LOCK = text("SELECT 1 FROM chat WHERE id = :chat_id FOR UPDATE")
_UNREAD = text("""
    SELECT m.id FROM message m JOIN message upto ON upto.id = :id AND upto.chat_id = m.chat_id
     WHERE m.chat_id = :chat_id AND m.identity_id = :identity_id AND m.kind IN ('mine', 'bot')
       AND m.state = ANY(:before) AND (m.at, m.id) <= (upto.at, upto.id) ORDER BY m.at DESC LIMIT 100
""")
_MARK = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :chat_id RETURNING rev),
    parts AS (UPDATE outbox SET state = :state WHERE message_id = ANY(:ids) AND verb = 'send')
    UPDATE message SET state = :state, rev = bumped.rev FROM bumped WHERE message.id = ANY(:ids)
""")
_BEFORE = {"delivered": ["sent"], "read": ["sent", "delivered"]}


def say(
    door: Door,
    visitor: Visitor,
    client_id: str,
    said: str,
    file: tuple[BinaryIO, str] | None,
    address: str,
    now: datetime,
    *,
    chosen: bool = False,
) -> Here | None:
    """Accept a word and take it in the same breath. The same `client_id` again changes nothing.

    `chosen`: the visitor has said in which language he wants to be answered.
    Returns how the dialogue stands with it; None while a worker has just the first word.
    Raises NothingWritten, TooMuchWritten, FileTooBig, NoRoomForFiles, FileNotTaken.
    """
    said = clean(said, LONGEST * 2).strip()
    if not _CLIENT_ID.fullmatch(client_id) or not (said or file):
        raise NothingWritten
    if len(said) > LONGEST:
        raise TooMuchWritten(most=LONGEST)
    raw_id = f"{visitor.external_id}:{client_id}"
    values = {"channel_id": door.channel_id, "raw_id": raw_id, "lane": visitor.external_id, "client_id": client_id}
    if file is None or not db.session.scalar(_DOUBLE, values):  # a file is not stored twice; a word is told apart later
        body = {
            "lane": visitor.external_id,
            "id": client_id,
            "name": visitor.name,
            "subject": visitor.subject,
            "language": visitor.locale,
            "chosen": chosen,
            "text": said,
            "files": [_stored(*file)] if file else [],
        }
        intake.accept(door.channel_id, webchat.door.kind, [Raw(raw_id, body)], now, ring=False)
    intake.take_lane(door.channel_id, visitor.external_id, now)
    return _settle(visitor, address, now)


def mark(home: Home, upto: UUID, state: str, now: datetime) -> None:
    """The widget has shown (`delivered`) or the client has seen (`read`) all of the bank's words up to this one."""
    if state in _BEFORE:
        _mark(home, upto, state, now)


def finish(home: Home, now: datetime) -> None:
    """The client has ended the dialogue; the next word opens a new one."""
    closing.finish_by_client(home.chat_id, home.identity_id, now)


def rate(home: Home, rating_id: int, mark: int | None, said: str, now: datetime) -> None:
    """The client fills in the card. Raises NothingAsked and what `rating.answer` raises."""
    found = ratings.one(rating_id)
    if found is None or found.identity_id != home.identity_id:
        raise NothingAsked
    rating.answer(found, mark, said, now)


def go_on(home: Home, now: datetime) -> None:
    """The client continues a closed chat; too late is no error: the next word opens a new one."""
    going_on.go_on(home.chat_id, home.identity_id, now)


def types(home: Home, typing: bool) -> None:
    """The client began to type, or stopped: seen by whoever has the chat open, stored nowhere."""
    presence.client_types(home.chat_id, typing)


@retried
def _mark(home: Home, upto: UUID, state: str, now: datetime) -> None:
    values: dict[str, Any] = {"chat_id": home.chat_id, "identity_id": home.identity_id, "id": upto}
    with transaction() as tx:
        db.session.execute(_LOCK, values)
        unread = list(db.session.scalars(_UNREAD, {**values, "before": _BEFORE[state]}))
        if unread:
            db.session.execute(_MARK, {**values, "state": state, "ids": unread})
            for message_id in unread:
                tx.after(push.marked, home.chat_id, message_id)


def _stored(stream: BinaryIO, name: str) -> dict[str, Any]:
    try:
        kept = uploads.store(stream, name)
    except uploads.FileTooBig:
        raise FileTooBig from None
    except uploads.NoRoomForFiles:
        raise NoRoomForFiles from None
    except uploads.FileNotAllowed:
        raise FileNotTaken from None
    about = {"name": safe_name(name), "mime": kept.kind.mime, "size": kept.size, "family": kept.kind.family}
    return {"stored": str(kept.id), **about}


def _settle(visitor: Visitor, address: str, now: datetime) -> Here | None:
    """Where the client wrote from, sealed (clause 13.2); the typing sign goes out."""
    here = widget.here(visitor)
    if here is None:  # a worker has the lane just now
        return None
    signed.know(here.home.identity_id, visitor.subject, visitor.segment, now)
    _keep_address(here, address, now)
    presence.client_types(here.home.chat_id, False)
    return widget.here(visitor) if visitor.signed else here  # who is signed in may have been joined to himself


def _keep_address(here: Here, address: str, now: datetime) -> None:
    """Not again with every word: a commit costs more than the word."""
    identity_id = here.home.identity_id
    kept = here.address if here.address_at is not None and now - here.address_at < _ADDRESS_STANDS else None
    if kept is not None and crypt.open_sealed(kept, ("identity.address", identity_id)) == address:
        return
    with transaction():
        sealed = crypt.seal(address, at=("identity.address", identity_id))
        db.session.execute(_ADDRESS, {"address": sealed, "now": now, "id": identity_id})
