"""Topics at hand when a chat is to get some: what it has, and what is likely by what was chosen lately."""

from datetime import datetime, timedelta

from sqlalchemy import text

from app.models.db import db
from app.models.topic import REQUIRED
from app.queries import settings, topics
from app.queries.topics import Choice

_LATELY = timedelta(days=30)
_SHOWN = 10
_EACH = {"client": 4, "mine": 5, "group": 6}

_OF_EPISODE = text("SELECT topic_id FROM episode_topic WHERE episode_id = :id ORDER BY topic_id")
_CLIENT = text("""
    SELECT t.topic_id FROM episode e JOIN episode_topic t ON t.episode_id = e.id
     WHERE e.chat_id = :chat_id AND e.closed_at IS NOT NULL
     ORDER BY e.number DESC, t.topic_id LIMIT 12
""")
# The newest only: what is frequent shows in a few hundred chats, and a group may have finished a hundred thousand.
_MINE = text("""
    SELECT t.topic_id FROM (
        SELECT id, closed_at FROM episode WHERE owner_id = :me AND closed_at > :since
         ORDER BY closed_at DESC LIMIT 100) e
      JOIN episode_topic t ON t.episode_id = e.id
     GROUP BY t.topic_id ORDER BY max(e.closed_at) DESC LIMIT 12
""")
_GROUP = text("""
    SELECT t.topic_id FROM (
        SELECT id FROM episode WHERE group_id = :group_id AND closed_at > :since ORDER BY closed_at DESC LIMIT 500) e
      JOIN episode_topic t ON t.episode_id = e.id
     GROUP BY t.topic_id ORDER BY count(*) DESC, t.topic_id LIMIT 12
""")
_IN_USE = text("SELECT id FROM topic WHERE id = ANY(:ids) AND archived_at IS NULL")
_REQUIRED = text("SELECT topic_required FROM staff_group WHERE id = :id")


def of_episode(episode_id: int) -> list[Choice]:
    """What the episode has, under today's names."""
    return topics.choices(db.session.scalars(_OF_EPISODE, {"id": episode_id}).all())


def suggested(chat_id: int | None, group_id: int | None, person_id: int, now: datetime) -> list[Choice]:
    """At most ten: this client's, then this operator's latest, then the group's most frequent of 30 days."""
    values = {"chat_id": chat_id, "group_id": group_id, "me": person_id, "since": now - _LATELY}
    asked = {"client": _CLIENT, "mine": _MINE, "group": _GROUP}
    found = {why: db.session.scalars(statement, values).all() for why, statement in asked.items()}
    led = topics.heirs(one for several in found.values() for one in several)
    in_use = set(db.session.scalars(_IN_USE, {"ids": list(led.values())}))
    reasons: dict[int, str] = {}
    for why, several in found.items():
        today = list(dict.fromkeys(led[one] for one in several if led.get(one) in in_use and led[one] not in reasons))
        reasons |= dict.fromkeys(today[: _EACH[why]], why)
    shown = list(reasons)[:_SHOWN]
    return [Choice(one.id, one.path, reasons[one.id]) for one in topics.choices(shown)]


def chosen(topic_ids: list[int]) -> list[Choice]:
    """Of what a form sent, the topics there are in use."""
    in_use = set(db.session.scalars(_IN_USE, {"ids": topic_ids}))
    return topics.choices([one for one in dict.fromkeys(topic_ids) if one in in_use])


def required(group_id: int | None) -> bool:
    """Whether chats of this group are finished with a topic; a chat without a group follows the setting."""
    found = db.session.scalar(_REQUIRED, {"id": group_id}) if group_id else None
    return bool(settings.value(REQUIRED) if found is None else found)
