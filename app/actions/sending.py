"""One part of a message to its channel, as fast as the channel allows."""

import json
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.base import crypt
from app.base.rates import Bucket
from app.channels import registry
from app.channels.contract import Account, Button, Outgoing, OutgoingFile, Result, Sent, Span
from app.models.db import db
from app.queries import files

# In memory: whoever holds the channel's lock is its only sender.
_buckets: dict[int, Bucket] = {}
_lane_buckets: dict[tuple[int, str], Bucket] = {}


@dataclass(frozen=True)
class Part:
    """A claimed part of a message."""

    id: UUID
    message_id: UUID
    chat_id: int
    identity_id: int
    verb: str
    content: bytes
    tries: int
    queued_at: datetime


def send(account: Account, lane: str, part: Part) -> Result:
    """Wait until the channel takes another, and give it this one. What became of it is a value, never an error."""
    channel = registry.channel(account.kind)
    rates = channel.rates
    _lane_buckets.setdefault((account.id, lane), Bucket(rates.per_chat, burst=3)).wait()
    _buckets.setdefault(account.id, Bucket(rates.per_account, burst=rates.per_account)).wait()
    content = json.loads(crypt.open_sealed(part.content, ("outbox.content", part.id)))
    match part.verb:
        case "edit":
            return channel.edit(account, content["external_ids"][0], _outgoing(lane, content))
        case "answer":
            return channel.answer_callback(account, content["press"], content["notice"])
        case "delete":
            results = [channel.delete(account, lane, external_id) for external_id in content["external_ids"]]
            return next((result for result in results if not isinstance(result, Sent)), Sent())
        case _:
            return channel.send(account, _outgoing(lane, content))


def _outgoing(lane: str, content: dict[str, Any]) -> Outgoing:
    return Outgoing(
        lane=lane,
        kind=content["kind"],
        text=content["text"],
        markup=tuple(Span(*span) for span in content["markup"]),
        files=tuple(_file(UUID(key)) for key in content["files"]),
        reply_to=content["reply_to"],
        buttons=tuple(tuple(Button(*one) for one in row) for row in content.get("buttons", ())),
    )


def _file(file_id: UUID) -> OutgoingFile:
    row = db.session.execute(text("SELECT name, mime, size, stored_id FROM file WHERE id = :id"), {"id": file_id}).one()
    name = crypt.open_sealed(row.name, ("file.name", file_id))
    storage, stored_id = files.storage(), row.stored_id
    db.session.remove()
    # Never on disk in clear, and the provider wants its length beforehand: uploads are at most 20 MB.
    return OutgoingFile(name, row.mime, row.size, lambda: BytesIO(b"".join(storage.open(stored_id))))


def pause(account: Account, seconds: float) -> None:
    """Nothing is sent for the whole account that long."""
    _buckets[account.id].pause(seconds)
