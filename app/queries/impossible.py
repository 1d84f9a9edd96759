"""States that cannot be and yet would leave a client without an answer: what a killed process leaves behind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.models.db import db
from app.queries import dispatching, settings


class Flaw(StrEnum):
    """What is wrong with a chat; each has a way to mend it in actions/sweeping."""

    OWNER_AWAY = "owner_away"
    OWNER_BLOCKED = "owner_blocked"
    OFFERED_AWAY = "offered_away"
    NOT_PLACED = "not_placed"
    NO_STANDING = "no_standing"
    CLOSED = "closed"
    ASSIGNMENT = "assignment"
    LEFT_OPEN = "left_open"


FLAWS = {
    Flaw.OWNER_AWAY: _l("its operator was not at work"),
    Flaw.OWNER_BLOCKED: _l("its operator’s account is blocked"),
    Flaw.OFFERED_AWAY: _l("it was offered to somebody who is not at work"),
    Flaw.NOT_PLACED: _l("it stood in the queue without a place"),
    Flaw.NO_STANDING: _l("it was open and stood in no list"),
    Flaw.CLOSED: _l("it was finished and still stood in a list"),
    Flaw.ASSIGNMENT: _l("its assignment did not name its operator"),
    Flaw.LEFT_OPEN: _l("it was finished and still assigned"),
}


@dataclass(frozen=True)
class Found:
    flaw: Flaw
    chat_id: int
    episode_id: int


_MOST = 500
# A status that keeps chats keeps them; a chat that was only just given has its grace, too.
_AWAY = """
    SELECT '{flaw}' AS flaw, s.chat_id, s.episode_id FROM standing s JOIN person p ON p.id = s.owner_id
     WHERE {who} AND NOT EXISTS (
             SELECT 1 FROM assignment a WHERE a.episode_id = s.episode_id AND a.ended_at IS NULL
                AND a.began_at > :since)
"""
_NOT_THERE = """s.snooze IS NULL AND p.blocked_at IS NULL AND NOT EXISTS (
             SELECT 1 FROM status_span d JOIN work_status w ON w.id = d.status_id
              WHERE d.person_id = s.owner_id
                AND (d.ended_at IS NULL AND (w.keeps_chats OR d.began_at > :since) OR d.ended_at > :since))"""
_FOUND = text(f"""
    SELECT * FROM (
    {_AWAY.format(flaw="owner_away", who=_NOT_THERE)}
    UNION ALL
    SELECT 'owner_blocked', s.chat_id, s.episode_id FROM standing s JOIN person p ON p.id = s.owner_id
     WHERE p.blocked_at IS NOT NULL
    UNION ALL
    SELECT 'offered_away', s.chat_id, s.episode_id FROM standing s
     WHERE s.offered_to IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM status_span d WHERE d.person_id = s.offered_to AND d.ended_at IS NULL)
    UNION ALL
    SELECT 'not_placed', s.chat_id, s.episode_id FROM standing s
     WHERE s.stage = 'queue' AND s.queued_at IS NULL
    UNION ALL
    SELECT 'closed', s.chat_id, s.episode_id FROM standing s JOIN episode e ON e.id = s.episode_id
     WHERE e.closed_at IS NOT NULL
    UNION ALL
    SELECT 'no_standing', e.chat_id, e.id FROM episode e
     WHERE e.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM standing s WHERE s.episode_id = e.id)
    UNION ALL
    SELECT 'assignment', s.chat_id, s.episode_id FROM standing s
      LEFT JOIN assignment a ON a.episode_id = s.episode_id AND a.ended_at IS NULL
     WHERE a.person_id IS DISTINCT FROM s.owner_id
    UNION ALL
    SELECT 'left_open', e.chat_id, e.id FROM assignment a JOIN episode e ON e.id = a.episode_id
     WHERE a.ended_at IS NULL AND e.closed_at IS NOT NULL
    ) f WHERE CAST(:chat_id AS bigint) IS NULL OR f.chat_id = :chat_id LIMIT {_MOST}
""")  # noqa: S608 - our own words


def found(now: datetime, chat_id: int | None = None) -> list[Found]:
    """Every chat in a state that cannot be, or only this one; the same chat once for each flaw."""
    grace = timedelta(seconds=settings.value(dispatching.GRACE))
    rows = db.session.execute(_FOUND, {"since": now - grace, "chat_id": chat_id})
    return [Found(Flaw(row.flaw), row.chat_id, row.episode_id) for row in rows]
