"""Finish a chat: its open episode is closed at any moment, with what it was about (clause 9.3)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from app.actions import reply
from app.actions.record import record
from app.base import crypt
from app.base.text import clean
from app.live import push
from app.models.chat import MANAGE, Outcome, Verb
from app.models.db import Transaction, db, retried, transaction
from app.models.viewer import Viewer
from app.queries.standing import Standing, locked

_CLOSE = text("""
    UPDATE episode SET closed_at = :now, closed_by = :person_id, outcome = :outcome, comment = :comment,
           group_id = :group_id, type = CASE WHEN first_reply_at IS NULL AND direction = 'in' AND :outcome <> 'spam'
                                             THEN 'missed' ELSE type END
     WHERE id = :episode_id AND closed_at IS NULL
""")
_TOPIC = text("""
    INSERT INTO episode_topic (episode_id, topic_id)
    SELECT :episode_id, id FROM topic WHERE id = ANY(:topics) AND archived_at IS NULL ON CONFLICT DO NOTHING
""")
_LEFT = text("""
    UPDATE episode SET closed_at = :now, group_id = :group_id,
           type = CASE WHEN first_reply_at IS NULL AND direction = 'in' THEN 'missed' ELSE type END
     WHERE id = :episode_id AND closed_at IS NULL
""")
_LEAVE = text("DELETE FROM standing WHERE chat_id = :chat_id")
_END = text("UPDATE assignment SET ended_at = :now WHERE episode_id = :episode_id AND ended_at IS NULL")


@retried
def finish(chat_id: int, outcome: Outcome, topic_ids: Sequence[int], comment: str, by: Viewer, now: datetime) -> None:
    """Close the open episode; no topic means "topic later", and the chat stands in "without topic".

    Raises NothingOpen, NotTaken, NotYours.
    """
    with transaction() as tx:
        standing = locked(chat_id)
        if standing is None:
            raise reply.NothingOpen
        if standing.owner_id != by.person_id and not by.may(MANAGE):
            raise reply.NotYours(name=standing.owner_name) if standing.owner_id else reply.NotTaken()
        values = {"chat_id": chat_id, "episode_id": standing.episode_id, "now": now, "person_id": by.person_id}
        comment = clean(comment, 2000).strip()
        sealed = crypt.seal(comment, at=("episode.comment", standing.episode_id)) if comment else None
        db.session.execute(
            _CLOSE, {**values, "outcome": outcome.value, "comment": sealed, "group_id": standing.group_id}
        )
        db.session.execute(_TOPIC, {**values, "topics": list(topic_ids)})
        record(tx, chat_id, standing.episode_id, Verb.FINISHED, by.person_id, now, outcome=outcome.value)
        _leave(tx, standing, now)


@retried
def finish_by_client(chat_id: int, identity_id: int, now: datetime) -> None:
    """The client has ended the dialogue where it stands; outcome and topic are the operator's to name later."""
    with transaction() as tx:
        standing = locked(chat_id)
        if standing is None or standing.identity_id != identity_id:
            return
        db.session.execute(_LEFT, {"episode_id": standing.episode_id, "group_id": standing.group_id, "now": now})
        record(tx, chat_id, standing.episode_id, Verb.FINISHED, None, now, by="client")
        _leave(tx, standing, now)


def _leave(tx: Transaction, standing: Standing, now: datetime) -> None:
    values = {"chat_id": standing.chat_id, "episode_id": standing.episode_id, "now": now}
    db.session.execute(_END, values)
    db.session.execute(_LEAVE, values)
    tx.after(push.chat_moved, standing.chat_id, standing.place)
