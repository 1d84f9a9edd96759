"""Sessions: which have ended."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from app.models.db import db
from app.models.person import Person
from app.models.session import Session


def ended_among(ids: Collection[UUID]) -> set[UUID]:
    return set(db.session.scalars(select(Session.id).where(Session.id.in_(ids), Session.ended_at.is_not(None))))


def locales() -> set[str]:
    """The languages of the people who are signed in."""
    return set(db.session.scalars(select(Person.locale).distinct().join(Session).where(Session.ended_at.is_(None))))
