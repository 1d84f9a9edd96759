"""A tree of topics for tests, made by the verbs that administrators use."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from app.actions import lists
from app.actions.journal import HERE
from app.models.db import db
from app.models.kinds import Entered
from app.models.topic import TOPICS
from app.models.viewer import SYSTEM
from app.queries import lists as stored

AT = datetime(2026, 1, 10, 5, tzinfo=UTC)
LATER = AT + timedelta(days=100)
CARDS, BLOCKING, LIMITS = 1, 9, 19  # of the start set, the latter two under the first


def topic(ru: str, under: int | None = None, at: datetime = AT, **names: str) -> int:
    """A new topic; its id."""
    entered: dict[str, Entered] = {"names": {"ru": ru, **names}, "parent_id": str(under or "")}
    return lists.add(TOPICS, entered, SYSTEM, HERE, at).id


def renamed(topic_id: int, ru: str, at: datetime) -> None:
    row = stored.one(TOPICS, topic_id)
    entered: dict[str, Entered] = {
        "names": {"ru": ru},
        "parent_id": TOPICS.fields[0].kind.write(getattr(row, "parent_id", None)),
    }
    lists.change(TOPICS, topic_id, entered, SYSTEM, HERE, at)


def parents() -> dict[int, int | None]:
    rows = db.session.execute(text("SELECT id, parent_id FROM topic WHERE archived_at IS NULL")).all()
    db.session.rollback()
    return {row.id: row.parent_id for row in rows}
