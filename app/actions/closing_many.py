"""Finish several chats at once: each through its own door and its own transaction (clause 9.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from app.actions import closing, journal
from app.base.refusal import Refusal
from app.models.chat import Outcome
from app.models.db import transaction
from app.models.journal import declare as declare_kind
from app.models.viewer import Viewer
from app.queries import topic_choice, visible

FINISHED = declare_kind("chat.finished_many", _l("Several chats finished at once"))
MOST = 200


class NothingChosen(Refusal):
    notice = _l("Choose the chats first.")
    status = 422


class TooMany(Refusal):
    notice = _l("At most %(most)s chats are finished at once.")
    status = 422


@dataclass(frozen=True)
class Done:
    """What came of it: the chats finished, and the others, each with why not."""

    finished: list[int]
    refused: list[tuple[int, str]]


def finish_many(
    chat_ids: Sequence[int],
    outcome: Outcome,
    topic_ids: Sequence[int],
    comment: str,
    by: Viewer,
    origin: journal.Origin,
    now: datetime,
    *,
    topic_later: bool = False,
) -> Done:
    """Close these chats; one that refuses does not hold back the others. Raises NothingChosen, TooMany."""
    if not chat_ids:
        raise NothingChosen
    if len(chat_ids) > MOST:
        raise TooMany(most=MOST)
    done = Done([], [])
    for chat_id in dict.fromkeys(chat_ids):
        try:
            _finish(chat_id, outcome, topic_ids, comment, by, now, topic_later)
            done.finished.append(chat_id)
        except Refusal as refusal:
            done.refused.append((chat_id, refusal.message))
    with transaction():
        refused = [one for one, _why in done.refused]
        told: dict[str, Any] = {"chats": done.finished, "refused": refused, "topics": list(topic_ids)}
        journal.note(FINISHED, by, now, origin, of=("chat", ""), ending=outcome.value, **told)
    return done


def _finish(
    chat_id: int,
    outcome: Outcome,
    topic_ids: Sequence[int],
    comment: str,
    by: Viewer,
    now: datetime,
    topic_later: bool,
) -> None:
    """What an operator has said of the chat already stays beside what is said of all."""
    chat = visible.chat(by, chat_id)
    if not visible.manages(by, chat.owner_id, chat.group_id):
        raise visible.NotVisible
    said = [topic.id for topic in topic_choice.of_episode(chat.episode_id)] if chat.open else []
    closing.finish(chat_id, outcome, [*said, *topic_ids], comment, by, now, topic_later=topic_later)
