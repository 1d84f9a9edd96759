"""Colleagues in the same chat, as far as Redis knows."""

from dataclasses import dataclass

from redis.exceptions import RedisError
from sqlalchemy import select

from app.base import redis
from app.models.db import db
from app.models.person import Person


@dataclass(frozen=True)
class Present:
    person_id: int
    name: str
    what: str


def others(chat_id: int, but: int | None = None) -> list[Present]:
    """Who looks at this chat or types in it, without the one who asks."""
    try:
        keys = list(redis.client().scan_iter(f"muloqot:present:{chat_id}:*", count=100))
        found = dict(zip(keys, redis.client().mget(keys), strict=True)) if keys else {}
    except RedisError:
        return []
    doing = {int(key.decode().rpartition(":")[2]): value.decode() for key, value in found.items() if value}
    doing.pop(but or 0, None)
    if not doing:
        return []
    people = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(doing)))
    return [Present(person.id, person.name, doing[person.id]) for person in people]
