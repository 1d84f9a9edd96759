"""Whether a client who wrote before can be written to first, and if not, why (clause 9.4)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from app.models.db import db


@dataclass(frozen=True)
class Reached:
    """Where the last episode's client is. `why_not`: blocked, off (the channel), gone (the browser), rules, or ""."""

    identity_id: int
    channel_id: int
    customer_id: int
    group_id: int | None
    why_not: str


# Telegram lets a bot write to whoever has written to it and has not blocked it. A visitor of the site reads only
# while his browser holds its token. Other channels say by their own rules; none has declared any yet.
_LAST = text("""
    SELECT i.id, i.channel_id, c.customer_id, e.group_id,
           CASE WHEN NOT h.enabled THEN 'off' WHEN i.blocked_us_at IS NOT NULL THEN 'blocked'
                WHEN h.kind = 'telegram' THEN ''
                WHEN h.kind = 'webchat' THEN
                  CASE WHEN EXISTS (SELECT 1 FROM widget_token w WHERE w.channel_id = i.channel_id
                                       AND w.external_id = i.external_id AND w.ends_at > :now) THEN '' ELSE 'gone' END
                ELSE 'rules' END AS why_not
      FROM chat c JOIN LATERAL (SELECT * FROM episode WHERE chat_id = c.id ORDER BY number DESC LIMIT 1) e ON true
      JOIN identity i ON i.id = e.identity_id JOIN channel h ON h.id = i.channel_id
     WHERE c.id = :chat_id
""")


def last_place(chat_id: int, now: datetime) -> Reached | None:
    """Where the chat's last episode was; None for a chat without episodes."""
    row = db.session.execute(_LAST, {"chat_id": chat_id, "now": now}).one_or_none()
    return None if row is None else Reached(*row)
