"""Codes are forgotten: in a stored update, and where the word and the digits came in two messages (clause 15.5).

PCI DSS 4.0, 3.3.1. What a message by itself says is read by base/masks, what an earlier one says of it by base/awaited.
"""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.base import awaited, crypt, ids
from app.base.masks import in_texts, without_codes
from app.base.raw import packed
from app.channels.contract import Incoming
from app.models.db import db

# So long, and so many messages, after a code was asked for or announced a number is taken for it.
_WITHIN, _MOST = timedelta(minutes=3), 8

_WITHOUT = text("UPDATE inbox SET raw = :raw WHERE id = :id")
# An id is made when a message is taken, which is never before it was said.
_BEFORE = text("""
    SELECT id, text FROM message
     WHERE chat_id = :chat_id AND at > :since AND at <= :at AND id >= :low AND kind IN ('client', 'mine', 'bot')
     ORDER BY at DESC, id DESC LIMIT :most
""")


def forget_codes(row_id: UUID, body: Any) -> None:
    """Seal an update of the inbox anew, with a dot for each digit of a code in any of its texts, where it has one."""
    kept = in_texts(without_codes, body)
    if kept != body:
        _seal(row_id, kept)


def without_split_code(row_id: UUID, raw: bytes, chat_id: int, incoming: Incoming, at: datetime) -> Incoming:
    """The same word of a client, and its stored update, with dots if it is a code by what was said before it."""
    if not is_split_code(chat_id, incoming.text, at):
        return incoming
    number = awaited.lone_number(incoming.text)
    body = json.loads(crypt.open_bytes(raw, ("inbox.raw", row_id)))
    _seal(row_id, in_texts(lambda one: without_codes(one, whole=awaited.lone_number(one) == number), body))
    return replace(incoming, text=without_codes(incoming.text, whole=True))


def is_split_code(chat_id: int, said: str, at: datetime) -> bool:
    """Whether a text of this chat is nothing but a number, and what either side said just before makes it a code."""
    number = awaited.lone_number(said)
    if not number:
        return False
    values = {"chat_id": chat_id, "since": at - _WITHIN, "at": at, "low": ids.floor(at - _WITHIN), "most": _MOST}
    before = db.session.execute(_BEFORE, values).all()
    return awaited.is_code(number, (crypt.open_sealed(row.text, ("message.text", row.id)) for row in before))


def _seal(row_id: UUID, body: Any) -> None:
    sealed = crypt.seal(packed(body), at=("inbox.raw", row_id))
    db.session.execute(_WITHOUT, {"id": row_id, "raw": sealed})
