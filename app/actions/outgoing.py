"""The outbox: the parts of a word to the client, in order, and how far each has come."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import text

from app.base import crypt, ids
from app.base.masks import without_codes
from app.channels import registry
from app.channels.contract import Buttons, Outgoing, OutgoingFile
from app.models.db import db


class Addressee(Protocol):
    """Where a word to the client goes; the chat may be closed."""

    @property
    def chat_id(self) -> int: ...
    @property
    def channel_id(self) -> int: ...
    @property
    def channel_kind(self) -> str: ...
    @property
    def identity_id(self) -> int: ...
    @property
    def lane(self) -> str: ...


_PART = text("""
    INSERT INTO outbox (id, message_id, chat_id, channel_id, identity_id, lane, part, verb, content, next_at, queued_at,
                        state, settled_at)
    VALUES (:id, :message_id, :chat_id, :channel_id, :identity_id, :lane, :part, :verb, :content,
            coalesce(CAST(:due AS timestamptz), :now), :now,
            CASE WHEN :hosted THEN 'sent' ELSE 'queued' END,
            CASE WHEN :hosted THEN CAST(:now AS timestamptz) END)
""")

_WITHOUT_CODES = text("UPDATE outbox SET content = :content WHERE id = :id")

_SENT = text("""
    SELECT o.id, o.channel_id, h.kind AS channel_kind, o.identity_id, o.lane, o.part, o.content, o.external_ids
      FROM outbox o JOIN channel h ON h.id = o.channel_id
     WHERE o.message_id = :id AND o.verb = 'send' AND o.state IN ('sent', 'delivered', 'read') ORDER BY o.part
""")

_ATTACH = text("""
    UPDATE file SET message_id = :message_id
     WHERE id = ANY(:ids) AND chat_id = :chat_id AND state = 'kept' AND message_id = :nobody
    RETURNING id, family, mime, size, name
""")

# What was said in another channel has no number in this one.
_QUOTED = text("""
    SELECT external_id FROM message WHERE id = :id AND chat_id = :chat_id AND identity_id = :identity_id
""")

# A message is as far as its slowest part; one failed or uncertain part marks the whole.
_SUMMARY = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :chat_id RETURNING rev),
    summed AS (
      SELECT CASE WHEN bool_or(state = 'failed') THEN 'failed' WHEN bool_or(state = 'uncertain') THEN 'uncertain'
                  WHEN bool_or(state = 'queued') THEN 'queued' WHEN bool_or(state = 'sending') THEN 'sending'
                  WHEN bool_or(state = 'sent') THEN 'sent' WHEN bool_or(state = 'delivered') THEN 'delivered'
                  ELSE 'read' END AS state,
             coalesce(max(reason) FILTER (WHERE state IN ('failed', 'uncertain')), '') AS why,
             min(external_ids[1]) FILTER (WHERE part = 0) AS external_id
        FROM outbox WHERE message_id = :id AND verb = 'send'
    )
    UPDATE message SET state = summed.state, why = summed.why, rev = bumped.rev,
           external_id = coalesce(message.external_id, summed.external_id)
      FROM summed, bumped
     WHERE message.id = :id AND (message.state, message.why) IS DISTINCT FROM (summed.state, summed.why)
""")

_TROUBLE = text("""
    UPDATE standing SET trouble = EXISTS (
      SELECT 1 FROM message m WHERE m.chat_id = :chat_id AND m.episode_id = standing.episode_id
         AND m.state IN ('failed', 'uncertain'))
     WHERE chat_id = :chat_id
""")

_AGAIN = text("""
    UPDATE outbox SET state = 'queued', tries = 0, next_at = :now, reason = '', settled_at = NULL
     WHERE message_id = :id AND state IN ('failed', 'uncertain') RETURNING chat_id
""")

NOBODY = UUID(int=0)  # the message of an upload that is not yet sent


def queue(
    standing: Addressee,
    message_id: UUID,
    said: str,
    now: datetime,
    *,
    reply_to: UUID | None = None,
    file_ids: Sequence[UUID] = (),
    buttons: Buttons = (),
    hold: timedelta | None = None,
    secret: bool = False,
) -> None:
    """Cut the word as its channel needs and store each part, sealed. A hosted channel has it once it is committed.

    `hold`: nothing is sent before that has passed; elsewhere than in a hosted channel. `secret`: all of it is a code.
    """
    hosted = registry.is_hosted(standing.channel_kind)
    said = without_codes(said, whole=secret) if hosted else said
    whose = {"id": reply_to, "chat_id": standing.chat_id, "identity_id": standing.identity_id}
    quoted = db.session.scalar(_QUOTED, whose) if reply_to else None
    for number, part in enumerate(_parts(standing, message_id, said, file_ids, quoted or "", buttons)):
        part_id = ids.uuid7(now)
        values = {
            "id": part_id,
            "message_id": message_id,
            "chat_id": standing.chat_id,
            "channel_id": standing.channel_id,
            "identity_id": standing.identity_id,
            "lane": standing.lane,
            "part": number,
            "verb": "send",
            "content": crypt.seal(json.dumps(_content(part, secret)), at=("outbox.content", part_id)),
            "now": now,
            "due": now + (hold or timedelta()),
            "hosted": hosted,
        }
        db.session.execute(_PART, values)
    if hosted:
        summarise(message_id, standing.chat_id)


def queue_change(
    standing: Addressee,
    message_id: UUID,
    verb: str,
    said: str,
    now: datetime,
    *,
    buttons: Buttons = (),
    secret: bool = False,
) -> None:
    """Queue the edit or the deletion of what was sent, where it was sent, behind whatever the lane still holds."""
    for sent in db.session.execute(_SENT, {"id": message_id}).all():
        hosted = registry.is_hosted(sent.channel_kind)
        part_id = ids.uuid7(now)
        kind = json.loads(crypt.open_sealed(sent.content, ("outbox.content", sent.id)))["kind"]
        words = without_codes(said, whole=secret) if hosted else said
        part = Outgoing(sent.lane, kind=kind, text=words, buttons=buttons)  # a caption is changed by another call
        content = _content(part, secret) | {"external_ids": list(sent.external_ids)}
        values = {
            "id": part_id,
            "message_id": message_id,
            "chat_id": standing.chat_id,
            "channel_id": sent.channel_id,
            "identity_id": sent.identity_id,
            "lane": sent.lane,
            "part": sent.part,
            "verb": verb,
            "content": crypt.seal(json.dumps(content), at=("outbox.content", part_id)),
            "now": now,
            "due": None,
            "hosted": hosted,
        }
        db.session.execute(_PART, values)


def queue_answer(to: Addressee, message_id: UUID, press: str, notice: str, now: datetime) -> None:
    """Answer a pressed button: its spinner stops, perhaps with a short notice."""
    part_id = ids.uuid7(now)
    values = {
        "id": part_id,
        "message_id": message_id,
        "chat_id": to.chat_id,
        "channel_id": to.channel_id,
        "identity_id": to.identity_id,
        "lane": to.lane,
        "part": 0,
        "verb": "answer",
        "content": crypt.seal(json.dumps({"press": press, "notice": notice}), at=("outbox.content", part_id)),
        "now": now,
        "due": None,
        "hosted": registry.is_hosted(to.channel_kind),
    }
    db.session.execute(_PART, values)


def forget_codes(part_id: UUID, sealed: bytes) -> None:
    """A part that has been sent is kept without the codes in it (PCI DSS 4.0, 3.3.1)."""
    content = json.loads(crypt.open_sealed(sealed, ("outbox.content", part_id)))
    kept = without_codes(content.get("text", ""), whole=content.get("secret", False))
    if kept != content.get("text", ""):
        sealed = crypt.seal(json.dumps(content | {"text": kept}), at=("outbox.content", part_id))
        db.session.execute(_WITHOUT_CODES, {"id": part_id, "content": sealed})


def again(message_id: UUID, now: datetime) -> None:
    """Queue what failed or is uncertain once more."""
    chat_id = db.session.execute(_AGAIN, {"id": message_id, "now": now}).scalars().first()
    if chat_id is not None:
        summarise(message_id, chat_id)


def summarise(message_id: UUID, chat_id: int) -> None:
    """Let the message show how far its parts have come."""
    db.session.execute(_SUMMARY, {"id": message_id, "chat_id": chat_id})
    db.session.execute(_TROUBLE, {"chat_id": chat_id})


def _parts(
    standing: Addressee, message_id: UUID, said: str, file_ids: Sequence[UUID], quoted: str, buttons: Buttons
) -> tuple[Outgoing, ...]:
    channel = registry.door(standing.channel_kind)
    whole = Outgoing(standing.lane, text=said, reply_to=quoted, buttons=buttons)
    if file_ids:
        files = _attached(standing.chat_id, message_id, file_ids)
        whole = replace(whole, kind=files[0][0] if len(files) == 1 else "album", files=tuple(one for _, one in files))
    return channel.split(whole)


def _attached(chat_id: int, message_id: UUID, file_ids: Sequence[UUID]) -> list[tuple[Any, OutgoingFile]]:
    rows = db.session.execute(
        _ATTACH, {"message_id": message_id, "ids": list(file_ids), "chat_id": chat_id, "nobody": NOBODY}
    )
    return [(row.family, _described(row)) for row in rows]


def _described(row: Any) -> OutgoingFile:
    """A file by its id: the sender opens it when its turn comes."""
    return OutgoingFile(str(row.id), row.mime, row.size or 0, _not_here)


def _content(part: Outgoing, secret: bool) -> dict[str, Any]:
    return {
        "kind": part.kind,
        "text": part.text,
        "secret": secret,
        "markup": [[span.kind, span.start, span.length, span.url] for span in part.markup],
        "files": [file.name for file in part.files],
        "reply_to": part.reply_to,
        "buttons": [[[one.label, one.data, one.url] for one in row] for row in part.buttons],
    }


def _not_here() -> Any:
    raise RuntimeError("a queued file is opened by the drain, not here")
