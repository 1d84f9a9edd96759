"""Colleagues in the same chat, as far as Redis knows."""

from dataclasses import dataclass

from sqlalchemy import select

from app.base import traces
from app.models.db import db
from app.models.person import Person

CLIENT = 0


@dataclass(frozen=True)
class Present:
    """Who looks or types. The client is nobody's `person_id`: 0, and only types."""

    person_id: int
    name: str
    what: str


def place(chat_id: int) -> str:
    return f"chat:{chat_id}"


def others(chat_id: int, but: int | None = None) -> list[Present]:
    """Who looks at this chat or types in it, without the one who asks."""
    doing = {who: what for who, what in traces.found(place(chat_id)).items() if who != but}
    if not doing:
        return []
    client = [Present(CLIENT, "", "types")] if CLIENT in doing else []
    people = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(doing)))
    return client + [Present(person.id, person.name, doing[person.id]) for person in people]
