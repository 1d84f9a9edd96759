"""Change the tree of topics as a whole: merge one into another, move a branch. No chat loses what was said of it."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.actions import journal, lists
from app.actions.list_rules import TooDeep
from app.actions.list_values import NotAccepted
from app.actions.topic_versions import hold_tree, keep
from app.base.refusal import Refusal
from app.models.db import db, transaction
from app.models.journal import declare as declare_kind
from app.models.topic import DEPTH, TOPICS, Topic
from app.models.viewer import AnyViewer
from app.queries import lists as stored
from app.queries import settings

MERGED = declare_kind("topic.merged", _l("Topic merged into another"))


class OwnBranch(Refusal):
    notice = _l("A topic cannot go into itself or into its own branch. Choose another one.")
    status = 422


class OutOfUse(Refusal):
    notice = _l("This topic is archived. Restore it first, or choose another one.")


class CannotStand(Refusal):
    notice = _l("It cannot stand there: %(why)s.")
    status = 422


class AlikeBelow(Refusal):
    notice = _l("“%(name)s” stands under both topics. Merge or rename these two first.")


def move(topic_id: int, parent_id: int | None, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Take a topic with its branch to another place. Raises CannotStand, NotThere."""
    row = stored.one(TOPICS, topic_id)
    if row is None:
        raise lists.NotThere
    try:
        lists.change(TOPICS, topic_id, TOPICS.entered(row) | {"parent_id": str(parent_id or "")}, by, origin, now)
    except NotAccepted as refused:
        raise CannotStand(why=next(iter(refused.errors.values()))) from refused


def merge(topic_id: int, into_id: int, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """One topic takes another's place: what stood below comes along, chats keep the old one under its old name.

    Whoever asks for today's topic of an old chat is led to the other. Raises NotThere, OwnBranch, OutOfUse,
    AlikeBelow, TooDeep.
    """
    with journal.attempt(MERGED, by, now, origin, of=("topics", topic_id)), transaction():
        hold_tree()
        topic, into = _topic(topic_id), _topic(into_id)
        if topic.archived_at is not None or into.archived_at is not None:
            raise OutOfUse
        below = _children(topic)
        _check(topic, into, below)
        for child in below:
            child.parent_id = into.id
            keep(child, now)
        topic.archived_at, topic.merged_into = now, into.id
        told: dict[str, Any] = {"names": topic.names, "into": into.names, "into_id": into_id, "moved": len(below)}
        journal.note(MERGED, by, now, origin, of=("topics", topic_id), **told)


def _topic(topic_id: int) -> Topic:
    row = db.session.get(Topic, topic_id, with_for_update=True)
    if row is None:
        raise lists.NotThere
    return row


def _children(topic: Topic) -> list[Topic]:
    asked = select(Topic).where(Topic.parent_id == topic.id, Topic.archived_at.is_(None))
    return list(db.session.scalars(asked))


def _check(topic: Topic, into: Topic, below: list[Topic]) -> None:
    levels = {one.id: level for one, level in stored.branches(stored.rows(TOPICS))}
    branch = {one.id: level for one, level in stored.branches(_branch(topic))}
    if into.id in branch:
        raise OwnBranch
    deepest = levels[into.id] + max(branch.values()) - 1
    if below and deepest > settings.value(DEPTH):
        raise TooDeep(limit=settings.value(DEPTH))
    taken = {(code, name.casefold()) for one in _children(into) if one is not topic for code, name in one.names.items()}
    for child in below:
        if alike := next((name for code, name in child.names.items() if (code, name.casefold()) in taken), None):
            raise AlikeBelow(name=alike)


def _branch(topic: Topic) -> list[Topic]:
    return [topic, *(one for child in _children(topic) for one in _branch(child))]
