"""Each closing is a dated record: an episode may be closed, go on, and be closed again (house law 7)."""

from datetime import datetime

from sqlalchemy import text

from app.models.db import db

# Who closed it stands in the event: the client and the system are no persons of the house.
_KEEP = text("""
    INSERT INTO closure (chat_id, episode_id, closed_at, how, by_id, outcome)
    SELECT e.chat_id, e.id, e.closed_at,
           CASE WHEN e.closed_by IS NOT NULL THEN 'person'
                WHEN (SELECT v.data->>'by' FROM event v WHERE v.chat_id = e.chat_id AND v.verb = 'finished'
                       ORDER BY v.at DESC, v.id DESC LIMIT 1) = 'client' THEN 'client' ELSE 'system' END,
           e.closed_by, e.outcome
      FROM episode e WHERE e.id = :episode_id AND e.closed_at IS NOT NULL
    ON CONFLICT (episode_id, closed_at) DO NOTHING RETURNING id
""")
_OF = text("""
    SELECT c.id FROM closure c JOIN episode e ON e.id = c.episode_id AND e.closed_at = c.closed_at
     WHERE e.id = :episode_id
""")
_RESUMED = text("UPDATE closure SET resumed_at = :now WHERE id = :id")


def keep(episode_id: int) -> int | None:
    """Keep the closing of a closed episode; its id, None when it is kept already. The chat is locked by the caller."""
    made: int | None = db.session.scalar(_KEEP, {"episode_id": episode_id})
    return made


def resume(episode_id: int, now: datetime) -> None:
    """The closing of this episode has ended: it goes on."""
    keep(episode_id)
    db.session.execute(_RESUMED, {"id": db.session.scalar(_OF, {"episode_id": episode_id}), "now": now})
