"""How an open chat stands, read under its lock by the verbs that change it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.models.chat import Place, Stage
from app.models.db import db
from app.queries.load import LOAD_OF


@dataclass(frozen=True)
class Standing:
    """An open episode and where its next word to the client goes; to whom it is offered, until when."""

    chat_id: int
    episode_id: int
    stage: Stage
    owner_id: int | None
    owner_name: str | None
    group_id: int | None
    waits_since: datetime | None
    last_at: datetime
    unread: int
    identity_id: int
    channel_id: int
    channel_kind: str
    lane: str
    offered_to: int | None = None
    offered_until: datetime | None = None

    @property
    def place(self) -> Place:
        return Place(self.owner_id, self.group_id)

    def is_offered(self, now: datetime) -> bool:
        """Whether somebody is still asked about it."""
        return self.offered_until is not None and self.offered_until > now


# Two statements: a join under FOR UPDATE would wait for the chat's lock and then show the standing as it was before.
_LOCK = text("SELECT 1 FROM chat WHERE id = :chat_id FOR UPDATE")

_STANDING = """
    SELECT s.chat_id, s.episode_id, s.stage, s.owner_id, p.public_name AS owner_name, s.group_id, s.waits_since,
           s.last_at, s.unread, s.identity_id, i.channel_id, h.kind AS channel_kind, i.lane, s.offered_to,
           s.offered_until{more}
      FROM chat c JOIN standing s ON s.chat_id = c.id JOIN identity i ON i.id = s.identity_id
      JOIN channel h ON h.id = i.channel_id LEFT JOIN person p ON p.id = s.owner_id
     WHERE c.id = :chat_id
"""
_ALONE = text(_STANDING.format(more=""))
_BESIDE = text(_STANDING.format(more=f", ({LOAD_OF}) AS load"))


def locked(chat_id: int) -> Standing | None:
    """Lock the chat's row and read how it stands; None when no episode is open."""
    db.session.execute(_LOCK, {"chat_id": chat_id})
    row = db.session.execute(_ALONE, {"chat_id": chat_id}).one_or_none()
    return None if row is None else _standing(*row)


def beside(chat_id: int, person_id: int, now: datetime) -> tuple[Standing | None, float]:
    """How the chat stands and how busy the person is, in one trip; both are locked by the caller."""
    row = db.session.execute(_BESIDE, {"chat_id": chat_id, "person_id": person_id, "now": now}).one_or_none()
    return (None, 0.0) if row is None else (_standing(*row[:-1]), row.load)


def _standing(chat_id: int, episode_id: int, stage: str, *more: Any) -> Standing:
    return Standing(chat_id, episode_id, Stage(stage), *more)
