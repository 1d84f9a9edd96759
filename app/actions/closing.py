"""Finish a chat: its open episode is closed at any moment, with what it was about (clause 9.3)."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import reply
from app.actions.episode_topics import put
from app.actions.record import record
from app.base import crypt, wakeups
from app.base.later import later
from app.base.masks import without_codes
from app.base.refusal import Refusal
from app.base.text import clean
from app.live import push
from app.models.chat import Outcome, Verb
from app.models.db import Transaction, db, retried, transaction
from app.models.viewer import Viewer
from app.queries import hours, topic_choice, visible
from app.queries.standing import Standing, locked


class TopicRequired(Refusal):
    notice = _l("Choose a topic, or press “Finish, topic later”.")
    status = 422


class Unanswered(Refusal):
    notice = _l("The client has written meanwhile and has no answer yet.")


_CLOSE = text("""
    UPDATE episode SET closed_at = :now, closed_by = :person_id, outcome = :outcome, comment = :comment,
           group_id = :group_id, wants_topic = :wants_topic,
           type = CASE WHEN first_reply_at IS NULL AND direction = 'in' AND :outcome <> 'spam'
                                             THEN 'missed' ELSE type END
     WHERE id = :episode_id AND closed_at IS NULL
""")
_LEFT = text("""
    UPDATE episode SET closed_at = :now, group_id = :group_id,
           wants_topic = :required AND NOT EXISTS (SELECT 1 FROM episode_topic WHERE episode_id = :episode_id),
           type = CASE WHEN first_reply_at IS NOT NULL OR direction = 'out' THEN type
                       WHEN assigned_at IS NULL AND (type = 'bot-only' OR :shut AND EXISTS (
                              SELECT 1 FROM auto_said a WHERE a.episode_id = :episode_id
                                 AND a.kind IN ('out_of_hours', 'holiday'))) THEN 'bot-only'
                       ELSE 'missed' END
     WHERE id = :episode_id AND closed_at IS NULL
""")
_LEAVE = text("DELETE FROM standing WHERE chat_id = :chat_id")
# The owner and whoever else takes part.
_END = text("UPDATE participant SET ended_at = :now WHERE episode_id = :episode_id AND ended_at IS NULL")


@retried
def finish(
    chat_id: int,
    outcome: Outcome,
    topic_ids: Sequence[int],
    comment: str,
    by: Viewer,
    now: datetime,
    *,
    topic_later: bool = True,
    seen: datetime | None = None,
) -> None:
    """Close the open episode with exactly these topics.

    `topic_later`: finish without one, and the chat stands in "without topic"; spam needs none. `seen`: up to when
    whoever finishes has read; a later word of the client that has no answer refuses. None does not ask for that.
    Raises NothingOpen, NotTaken, NotYours, TopicRequired, Unanswered.
    """
    with transaction() as tx:
        standing = locked(chat_id)
        if standing is None:
            raise reply.NothingOpen
        if not visible.manages(by, standing.owner_id, standing.group_id):
            raise reply.NotYours(name=standing.owner_name) if standing.owner_id else reply.NotTaken()
        _check_answered(standing, outcome, seen)
        topics = put(standing.episode_id, topic_ids)
        values = {"chat_id": chat_id, "episode_id": standing.episode_id, "now": now, "person_id": by.person_id}
        comment = without_codes(clean(comment, 2000).strip())
        sealed = crypt.seal(comment, at=("episode.comment", standing.episode_id)) if comment else None
        wants_topic = not topics and _wants_topic(standing, outcome, topic_later)
        db.session.execute(
            _CLOSE,
            {**values, "outcome": outcome.value, "comment": sealed, "group_id": standing.group_id}
            | {"wants_topic": wants_topic},
        )
        record(tx, chat_id, standing.episode_id, Verb.FINISHED, by.person_id, now, outcome=outcome.value, topics=topics)
        _leave(tx, standing, now)


@retried
def finish_by_client(chat_id: int, identity_id: int, now: datetime) -> None:
    """The client has ended the dialogue where it stands; outcome and topic are the operator's to name later."""
    with transaction() as tx:
        standing = locked(chat_id)
        if standing is None or standing.identity_id != identity_id:
            return
        _close_alone(standing, now)
        record(tx, chat_id, standing.episode_id, Verb.FINISHED, None, now, by="client")
        _leave(tx, standing, now)


@retried
def finish_by_system(chat_id: int, why: str, now: datetime) -> bool:
    """Nobody has anything to say any more; outcome and topic are the operator's to name later.

    Whether the chat was open. Whoever decides by what he has read calls this inside his own `transaction()`, under
    the chat's lock. `why` is a short code for the timeline.
    """
    with transaction() as tx:
        standing = locked(chat_id)
        if standing is None:
            return False
        _close_alone(standing, now)
        record(tx, chat_id, standing.episode_id, Verb.FINISHED, None, now, by="system", why=why)
        _leave(tx, standing, now)
    return True


def _check_answered(standing: Standing, outcome: Outcome, seen: datetime | None) -> None:
    """What was written after the panel was drawn was not in its warning."""
    if seen is not None and outcome is not Outcome.SPAM and standing.waits_since and standing.last_at > seen:
        raise Unanswered


def _wants_topic(standing: Standing, outcome: Outcome, topic_later: bool) -> bool:
    if outcome is Outcome.SPAM:
        return False
    if not topic_later and topic_choice.required(standing.group_id):
        raise TopicRequired
    return topic_later


def _close_alone(standing: Standing, now: datetime) -> None:
    values = {"episode_id": standing.episode_id, "group_id": standing.group_id, "now": now}
    shut = not hours.open_now(standing.group_id, standing.channel_id, now).is_open
    db.session.execute(_LEFT, values | {"required": topic_choice.required(standing.group_id), "shut": shut})


def _leave(tx: Transaction, standing: Standing, now: datetime) -> None:
    values = {"chat_id": standing.chat_id, "episode_id": standing.episode_id, "now": now}
    db.session.execute(_END, values)
    db.session.execute(_LEAVE, values)
    tx.after(push.chat_moved, standing.chat_id, standing.place)
    tx.after(later, wakeups.ASK_RATINGS)
    tx.after(later, wakeups.ASSIGN)
