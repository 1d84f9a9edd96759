"""A desk with a queue: clients who wait, operators in whatever status, time that stands still."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.actions import licence
from app.actions.journal import HERE
from app.base import clock
from app.base.clock import business_day
from app.models.db import db, transaction
from app.models.licence import Licence, signed
from app.models.viewer import SYSTEM, Viewer
from app.queries import licence as licences
from app.queries import settings as stored
from app.queries import viewer as viewers
from tests.cast import Actor, Cast
from tests.desk.clients import Client

_numbers = count(50_000)

_ACTIVE = "SELECT id FROM work_status WHERE takes_new_chats ORDER BY position LIMIT 1"
_LUNCH = "SELECT id FROM work_status WHERE NOT keeps_chats AND code IS NULL ORDER BY position LIMIT 1"


class Room:
    """Short words for what happens around the queue. `now` is moved by hand."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.now: datetime = clock.now()

    def later(self, **passed: float) -> datetime:
        self.now += timedelta(**passed)
        return self.now

    def active(self, actor: Actor, *, capacity: int | None = None) -> Viewer:
        """At work and given new chats."""
        self.run(
            f"UPDATE status_span SET status_id = ({_ACTIVE}) WHERE person_id = :id AND ended_at IS NULL", id=actor.id
        )
        self.run("UPDATE person SET capacity = :capacity WHERE id = :id", capacity=capacity, id=actor.id)
        return self.viewer(actor)

    def away(self, actor: Actor) -> None:
        """The shift has ended."""
        self.run("DELETE FROM seat WHERE person_id = :id", id=actor.id)
        for table in ("status_span", "shift"):
            end = f"UPDATE {table} SET ended_at = greatest(began_at, :now) WHERE person_id = :id AND ended_at IS NULL"
            self.run(end, id=actor.id, now=self.now)

    def at_lunch(self, actor: Actor) -> None:
        """In a status that does not keep chats, since now."""
        lunch = (
            f"UPDATE status_span SET status_id = ({_LUNCH}), began_at = :now WHERE person_id = :id AND ended_at IS NULL"
        )
        self.run(lunch, id=actor.id, now=self.now)

    def waits(self, said: str = "", *, language: str | None = None, **standing: Any) -> int:
        """A new client's chat in the queue, as the rules would have put it there."""
        chat_id = Client("Dilshod", next(_numbers)).writes(said or "👋", self.now)
        standing |= {"language": language, "waits_since": self.now, "queued_at": self.now}
        put = ", ".join(f"{name} = :{name}" for name in standing)
        self.run(f"UPDATE standing SET {put} WHERE chat_id = :chat_id", chat_id=chat_id, **standing)
        return chat_id

    def group(self, *actors: Actor, **columns: Any) -> int:
        """A new group of these people."""
        made = self.one('INSERT INTO staff_group (names, position) VALUES (\'{"ru": "Группа"}\', 1) RETURNING id')
        for actor in actors:
            self.run("INSERT INTO group_member VALUES (:id, :person_id)", id=made, person_id=actor.id)
        for name, value in columns.items():
            self.run(f"UPDATE staff_group SET {name} = :value WHERE id = :id", value=value, id=made)
        return int(made)

    def skill(self, *actors: Actor) -> int:
        made = self.one('INSERT INTO skill (names) VALUES (\'{"ru": "Ипотека"}\') RETURNING id')
        for actor in actors:
            self.run("INSERT INTO person_skill VALUES (:person_id, :id)", id=made, person_id=actor.id)
        return int(made)

    def set(self, key: str, value: str) -> None:
        """A setting, as JSON."""
        self.run(
            "INSERT INTO setting (key, value, changed_at) VALUES (:key, CAST(:value AS jsonb), now())",
            key=key,
            value=value,
        )
        self.run("UPDATE setting_version SET number = number + 1")
        stored.forget()

    def licensed(self, seats: int = 5) -> None:
        """For whoever is to take a seat."""
        first = business_day(self.now) - timedelta(days=9)
        paid = Licence("Test", seats, first, first + timedelta(days=90))
        licence.install(signed(paid, licences.own_key()), SYSTEM, HERE, self.now)

    def owner(self, chat_id: int) -> int | None:
        found: int | None = self.one("SELECT owner_id FROM standing WHERE chat_id = :id", id=chat_id)
        return found

    def offered(self, chat_id: int) -> int | None:
        found: int | None = self.one("SELECT offered_to FROM standing WHERE chat_id = :id", id=chat_id)
        return found

    def told(self, chat_id: int) -> list[str]:
        """What the traces of a chat tell, in order."""
        with transaction():
            found = db.session.scalars(
                text("SELECT what FROM routing_trace WHERE chat_id = :id ORDER BY at, id"), {"id": chat_id}
            )
            return list(found)

    def one(self, statement: str, **values: Any) -> Any:
        with transaction():
            return db.session.execute(text(statement), values).scalar()

    def run(self, statement: str, **values: Any) -> None:
        with transaction():
            db.session.execute(text(statement), values)

    def viewer(self, actor: Actor) -> Viewer:
        past = clock.now().replace(year=2020)
        found = viewers.of_session(actor.browser.token, idle_since=past, absolute_since=past)
        assert found is not None
        return found


@pytest.fixture
def room(app: Flask, cast: Cast) -> Iterator[Room]:
    """Chats are given at once, until a test says otherwise."""
    with app.app_context():
        made = Room(cast)
        made.set("routing.mode", '"assign"')
        yield made


@pytest.fixture(autouse=True)
def _forget_settings() -> Iterator[None]:
    yield
    stored.forget()
