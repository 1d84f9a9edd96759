"""How a chat may end here: after what silence it closes, how long a closed one may go on (clause 9.5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from app.models.db import db
from app.models.ending import BOT_MINUTES, CLOSE_MINUTES, RESUME_MINUTES, WARN_MINUTES
from app.queries import settings


@dataclass(frozen=True)
class Times:
    """Lengths of time; None: never."""

    close: timedelta | None
    warn: timedelta | None
    bot: timedelta | None
    resume: timedelta | None


@dataclass(frozen=True)
class Idle:
    """A chat whose client has been silent. `since`: the operator's last word, or the assistant's (`by_bot`)."""

    chat_id: int
    group_id: int | None
    channel_id: int
    since: datetime
    warned_at: datetime | None
    by_bot: bool


# Field by field the nearest exception that says something: channel and group, group, channel.
_TIMES = text("""
    SELECT close_minutes, warn_minutes, bot_minutes, resume_minutes FROM ending_rule
     WHERE archived_at IS NULL AND (channel_id IS NULL OR channel_id = :channel_id)
       AND (group_id IS NULL OR group_id = :group_id)
     ORDER BY (group_id IS NOT NULL)::int * 2 + (channel_id IS NOT NULL)::int DESC, position, id
""")
_LAST = text("""
    SELECT closed_at, outcome, identity_id, channel_id, group_id FROM episode
     WHERE chat_id = :chat_id ORDER BY number DESC LIMIT 1
""")
# A draft begun since is a word on its way; what waits for the bank or for a moment is nobody's silence.
_IDLE = """
    SELECT s.chat_id, s.group_id, i.channel_id,
           CASE WHEN e.type = 'bot-only' THEN s.last_at ELSE greatest(s.awaits_since, d.saved_at) END AS since,
           s.warned_at, e.type = 'bot-only' AS by_bot
      FROM standing s JOIN episode e ON e.id = s.episode_id JOIN identity i ON i.id = s.identity_id
      LEFT JOIN draft d ON d.chat_id = s.chat_id AND d.person_id = s.owner_id
     WHERE s.snooze IS NULL AND (s.awaits_since IS NOT NULL AND s.waits_since IS NULL AND s.owner_id IS NOT NULL
                                 OR e.type = 'bot-only' AND s.owner_id IS NULL)
"""
_ALL = text(f"{_IDLE} AND coalesce(s.awaits_since, s.last_at) <= :now ORDER BY s.awaits_since NULLS LAST")
_ONE = text(f"{_IDLE} AND s.chat_id = :chat_id")


def times(channel_id: int | None, group_id: int | None) -> Times:
    """By the nearest exception, else by the settings."""
    rows = db.session.execute(_TIMES, {"channel_id": channel_id, "group_id": group_id}).all()
    usual = {
        "close_minutes": CLOSE_MINUTES, "warn_minutes": WARN_MINUTES,
        "bot_minutes": BOT_MINUTES, "resume_minutes": RESUME_MINUTES,
    }  # fmt: skip
    found = []
    for name, setting in usual.items():
        said = (getattr(row, name) for row in rows if getattr(row, name) is not None)
        minutes = next(said, None)
        minutes = int(settings.value(setting)) if minutes is None else minutes
        found.append(timedelta(minutes=minutes) if minutes else None)
    return Times(*found)


def goes_on_until(chat_id: int, identity_id: int) -> datetime | None:
    """Until when a client may continue his closed chat by a button; None when its end is for good."""
    last = db.session.execute(_LAST, {"chat_id": chat_id}).one_or_none()
    if last is None or last.closed_at is None or last.identity_id != identity_id or last.outcome == "spam":
        return None
    window = times(last.channel_id, last.group_id).resume
    return last.closed_at + window if window else None


def silent(now: datetime) -> list[Idle]:
    """Open chats that wait for nobody but the client."""
    return [Idle(*row) for row in db.session.execute(_ALL, {"now": now})]


def silence_of(chat_id: int) -> Idle | None:
    """The same of one chat, under its lock."""
    row = db.session.execute(_ONE, {"chat_id": chat_id}).one_or_none()
    return None if row is None else Idle(*row)
