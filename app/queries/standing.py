"""How an open chat stands, read under its lock by the verbs that change it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.models.chat import Place, Stage
from app.models.db import db


@dataclass(frozen=True)
class Standing:
    """An open episode and where its next word to the client goes."""

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

    @property
    def place(self) -> Place:
        return Place(self.owner_id, self.group_id)


# Two statements: a join under FOR UPDATE would wait for the chat's lock and then show the standing as it was before.
_LOCK = text("SELECT 1 FROM chat WHERE id = :chat_id FOR UPDATE")

_STANDING = text("""
    SELECT s.chat_id, s.episode_id, s.stage, s.owner_id, p.public_name AS owner_name, s.group_id, s.waits_since,
           s.last_at, s.unread, s.identity_id, i.channel_id, h.kind AS channel_kind, i.lane
      FROM chat c JOIN standing s ON s.chat_id = c.id JOIN identity i ON i.id = s.identity_id
      JOIN channel h ON h.id = i.channel_id LEFT JOIN person p ON p.id = s.owner_id
     WHERE c.id = :chat_id
""")


def locked(chat_id: int) -> Standing | None:
    """Lock the chat's row and read how it stands; None when no episode is open."""
    db.session.execute(_LOCK, {"chat_id": chat_id})
    row = db.session.execute(_STANDING, {"chat_id": chat_id}).one_or_none()
    return None if row is None else Standing(row[0], row[1], Stage(row[2]), *row[3:])
