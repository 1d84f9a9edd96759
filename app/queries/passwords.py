"""The rules for a person's password, and how old it may grow."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text

from app.models.db import db
from app.models.password_policy import (
    AGE_DAYS,
    DIGIT,
    HISTORY,
    LOWER,
    MIN_LENGTH,
    STRICT_MIN_LENGTH,
    SYMBOL,
    UPPER,
    WORDS,
    FormerPassword,
    Policy,
    words_of,
)
from app.models.person import Person
from app.models.session import STRICT
from app.queries import settings as stored

_STRICT = text("""
    SELECT EXISTS (SELECT FROM person_role pr JOIN role_permission rp USING (role_id)
                    WHERE pr.person_id = :person_id AND rp.permission = ANY (:strict))
""")


def policy(person_id: int) -> Policy:
    """What the person's next password must be, by the settings in force."""
    login, name = db.session.execute(select(Person.login, Person.name).where(Person.id == person_id)).one()
    strict = db.session.scalar(_STRICT, {"person_id": person_id, "strict": list(STRICT)})
    shortest = stored.value(MIN_LENGTH)
    return Policy(
        min_length=max(shortest, stored.value(STRICT_MIN_LENGTH)) if strict else shortest,
        upper=stored.value(UPPER),
        lower=stored.value(LOWER),
        digit=stored.value(DIGIT),
        symbol=stored.value(SYMBOL),
        own=words_of(login, name, stored.value(WORDS)),
    )


def former(person_id: int) -> Sequence[str]:
    """Hashes of the former passwords that may not come back, the present one first."""
    most = stored.value(HISTORY)
    if not most:
        return []
    present = select(Person.password_hash).where(Person.id == person_id)
    before = select(FormerPassword.password_hash).where(FormerPassword.person_id == person_id)
    before = before.order_by(FormerPassword.until.desc()).limit(most - 1)
    return [*db.session.scalars(present), *db.session.scalars(before)]


def stale_since(now: datetime) -> datetime | None:
    """Passwords set before this moment must be changed; None when age does not matter."""
    days = stored.value(AGE_DAYS)
    return now - timedelta(days=days) if days else None
