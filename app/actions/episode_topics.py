"""Say what a chat is about: while it is open, and afterwards for one that was closed without (clauses 9.3, 9.5)."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions.record import record
from app.base.refusal import Refusal
from app.models.chat import Outcome, Verb
from app.models.db import db, retried, transaction
from app.models.viewer import Viewer
from app.queries import visible


class NotYourEpisode(Refusal):
    notice = _l("Only who answered this chat, or a supervisor, says what it was about.")
    status = 403


class NoEpisode(Refusal):
    notice = _l("There is no such chat any more.")
    status = 404


_LOCK = text("SELECT 1 FROM chat WHERE id = :chat_id FOR UPDATE")
_EPISODE = text("""
    SELECT e.id, e.closed_at, e.closed_by, e.outcome,
           CASE WHEN s.chat_id IS NULL THEN e.owner_id ELSE s.owner_id END AS owner_id,
           CASE WHEN s.chat_id IS NULL THEN e.group_id ELSE s.group_id END AS group_id
      FROM episode e LEFT JOIN standing s ON s.episode_id = e.id
     WHERE e.chat_id = :chat_id AND e.number = :number
""")
_AWAY = text("""
    DELETE FROM episode_topic WHERE episode_id = :episode_id AND topic_id <> ALL(CAST(:topics AS bigint[]))
""")
_PUT = text("""
    INSERT INTO episode_topic (episode_id, topic_id)
    SELECT :episode_id, id FROM topic WHERE id = ANY(:topics) AND archived_at IS NULL ON CONFLICT DO NOTHING
""")
_OF = text("SELECT topic_id FROM episode_topic WHERE episode_id = :episode_id ORDER BY topic_id")
_SETTLED = text("""
    UPDATE episode SET outcome = coalesce(:outcome, outcome),
           wants_topic = :without AND (wants_topic OR :had) AND coalesce(:outcome, outcome) IS DISTINCT FROM 'spam'
     WHERE id = :episode_id AND closed_at IS NOT NULL
""")


@retried
def give(
    chat_id: int, number: int, topic_ids: Sequence[int], by: Viewer, now: datetime, outcome: Outcome | None = None
) -> None:
    """An episode has exactly these topics from now on; `outcome` only where a closed one has none yet.

    Raises NoEpisode, NotYourEpisode.
    """
    with transaction() as tx:
        db.session.execute(_LOCK, {"chat_id": chat_id})
        row = db.session.execute(_EPISODE, {"chat_id": chat_id, "number": number}).one_or_none()
        if row is None:
            raise NoEpisode
        if row.closed_by != by.person_id and not visible.manages(by, row.owner_id, row.group_id):
            raise NotYourEpisode
        before = _of(row.id)
        after = put(row.id, topic_ids)
        named = outcome.value if outcome and row.closed_at and row.outcome is None else None
        values = {"episode_id": row.id, "outcome": named, "without": not after, "had": bool(before)}
        db.session.execute(_SETTLED, values)
        if before != after or named:
            about = {"outcome": named} if named else {}
            record(tx, chat_id, row.id, Verb.TOPICS, by.person_id, now, topics=after, **about)


def put(episode_id: int, topic_ids: Sequence[int]) -> list[int]:
    """Exactly these, as far as they are in use or were there already; what it has then. Inside a transaction."""
    values = {"episode_id": episode_id, "topics": list(topic_ids)}
    db.session.execute(_AWAY, values)
    db.session.execute(_PUT, values)
    return _of(episode_id)


def _of(episode_id: int) -> list[int]:
    return list(db.session.scalars(_OF, {"episode_id": episode_id}))
