"""People: what others ask about them."""

from sqlalchemy import exists, select

from app.models.db import db
from app.models.person import Person


def any_demo() -> bool:
    """Whether demo people exist; production refuses to start with them (clause 12.7)."""
    return bool(db.session.scalar(select(exists().where(Person.demo))))


def any_at_all() -> bool:
    return bool(db.session.scalar(select(exists().where(Person.id.is_not(None)))))
