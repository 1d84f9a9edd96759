"""The bank's lists as administrators see them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

from app.models.db import db
from app.models.listing import Listed, Listing
from app.models.names import pick
from app.models.person import Person
from app.models.topic import Topic


def rows(listing: Listing, *, archived: bool = False) -> Sequence[Listed]:
    """In the order administrators gave; a tree's rows stand below their parents."""
    found = db.session.scalars(
        select(listing.model)
        .where(listing.model.archived_at.is_not(None) if archived else listing.model.archived_at.is_(None))
        .order_by(listing.model.position, listing.model.id)
    ).all()
    return [topic for topic, _level in branches(found)] if listing.tree else found


def counts(listing: Listing) -> tuple[int, int]:
    """How many are in use, and how many are archived."""
    archived = listing.model.archived_at.is_not(None)
    used, aside = db.session.execute(
        select(func.count().filter(~archived), func.count().filter(archived)).select_from(listing.model)
    ).one()
    return used, aside


def one(listing: Listing, row_id: int) -> Listed | None:
    return db.session.get(listing.model, row_id)


def siblings(row: Listed) -> Sequence[Listed]:
    """The rows this one is ordered among, itself included."""
    model = type(row)
    asked = select(model).where(model.archived_at.is_(None)).order_by(model.position, model.id)
    if isinstance(row, Topic):
        asked = asked.where(Topic.parent_id == row.parent_id if row.parent_id else Topic.parent_id.is_(None))
    return db.session.scalars(asked).all()


def branches(topics: Iterable[Listed]) -> list[tuple[Topic, int]]:
    """Topics in reading order, each with its level, 1 for the top. One whose parent is not among them is a top."""
    found = [topic for topic in topics if isinstance(topic, Topic)]
    known = {topic.id for topic in found}
    below: dict[int | None, list[Topic]] = {}
    for topic in found:
        below.setdefault(topic.parent_id if topic.parent_id in known else None, []).append(topic)

    def walk(parent: int | None, level: int) -> list[tuple[Topic, int]]:
        return [one for topic in below.get(parent, ()) for one in ((topic, level), *walk(topic.id, level + 1))]

    return walk(None, 1)


def path(topic: Topic, locale: str) -> str:
    """Cards › Blocking › Unblocking"""
    steps, parent = [pick(topic.names, locale)], topic.parent_id
    while parent and (above := db.session.get(Topic, parent)):
        steps.append(pick(above.names, locale))
        parent = above.parent_id
    return " › ".join(reversed(steps))


def people() -> Sequence[Person]:
    """Who may stand in a group."""
    return db.session.scalars(select(Person).where(Person.deleted_at.is_(None)).order_by(Person.name)).all()
