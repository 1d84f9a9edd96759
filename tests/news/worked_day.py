"""The hand-checked day of docs/metrics.md, laid down as rows: who had which episode and when."""

import json
from datetime import datetime, timedelta

from sqlalchemy import text

from app.base import clock, ids
from app.models.db import db, transaction
from tests.cast import Cast

START = clock.day_bounds(datetime(2026, 11, 18, 12, tzinfo=clock.TASHKENT).date())[0]

_CLIENT = text("""
    WITH c AS (INSERT INTO customer (created_at) VALUES (:at) RETURNING id),
         i AS (INSERT INTO identity (customer_id, channel_id, external_id, lane, created_at)
               SELECT id, :channel, :name, :name, :at FROM c RETURNING id, customer_id),
         h AS (INSERT INTO chat (customer_id, created_at) SELECT customer_id, :at FROM i RETURNING id)
    SELECT h.id, i.id FROM h, i
""")
_EPISODE = text("""
    INSERT INTO episode (chat_id, number, direction, type, channel_id, identity_id, owner_id, arrived_at, queued_at,
                         assigned_at, first_reply_at, closed_at, closed_by, outcome)
    VALUES (:chat, 1, 'in', 'new', :channel, :identity, :owner, :arrived, :arrived, :arrived, :replied, :closed, :owner,
            :outcome) RETURNING id
""")
_HAD = text("""
    INSERT INTO assignment (episode_id, person_id, began_at, ended_at, how)
    VALUES (:episode, :person, :began, :ended, 'taken')
""")
_RATING = text("""
    WITH c AS (INSERT INTO closure (chat_id, episode_id, closed_at, how)
               SELECT chat_id, id, closed_at, 'person' FROM episode WHERE id = :episode
               ON CONFLICT (episode_id, closed_at) DO UPDATE SET how = excluded.how RETURNING id)
    INSERT INTO rating (closure_id, chat_id, episode_id, identity_id, channel_id, operator_id, language, scale, how,
                        message_id, asked_at, ends_at, mark, rated_at)
    SELECT c.id, e.chat_id, e.id, e.identity_id, e.channel_id, e.owner_id, 'ru', :scale, 'buttons', :message,
           e.closed_at, e.closed_at + interval '1 day', CAST(:mark AS int), CASE WHEN :mark > 0 THEN e.closed_at END
      FROM c, episode e WHERE e.id = :episode
""")
_STATUS = text("""
    INSERT INTO work_status (names, position, colour, counts_as_work, takes_new_chats, keeps_chats, takes_seat,
                             recommended_minutes)
    VALUES (CAST(:names AS jsonb), 90, 'green', :works, :works, true, true, :minutes) RETURNING id
""")
_SHIFT = text("INSERT INTO shift (person_id, day, began_at) VALUES (:person, :day, :at) RETURNING id")
_SPAN = text("""
    INSERT INTO status_span (shift_id, person_id, status_id, began_at, ended_at, how)
    VALUES (:shift, :person, :status, :began, :ended, 'chosen')
""")
_CHANNEL = text(
    "INSERT INTO channel (kind, name, key, created_at) VALUES ('telegram', 'Bot', 'worked', :at) RETURNING id"
)


def at(told: str) -> datetime:
    hour, minute, *second = (int(part) for part in told.split(":"))
    return START + timedelta(hours=hour, minutes=minute, seconds=second[0] if second else 0)


class Day:
    def __init__(self, cast: Cast) -> None:
        self.people = {"Aziza": cast.aziza.id, "Timur": cast.timur.id, "Botir": cast.botir.id}
        with transaction():
            for table in ("status_span", "shift"):  # the cast is at work now; this day has its own
                db.session.execute(text(f"DELETE FROM {table}"))
            self.channel = db.session.execute(_CHANNEL, {"at": START}).scalar_one()
            self._lay()

    def _lay(self) -> None:
        first = self.episode("Dilshod", "4:30", "9:03", "9:10", "solved", ("Aziza", "9:00", "9:10"))
        second = self.episode(
            "Nodira", "10:00", "10:06", "10:20", "not_solved", ("Aziza", "10:01", "10:04"), ("Timur", "10:04", "10:20")
        )
        third = self.episode(
            "Rustam", "11:00", "11:06", "11:30", "solved", ("Aziza", "11:05", "11:07"), ("Timur", "11:17", "11:30")
        )
        self.episode("Umid", "12:00", "12:00:30", "12:10", "solved", ("Botir", "12:00:10", "12:10"))
        for episode, scale, mark in ((first, 5, 5), (second, 5, None), (third, 10, 8)):
            message = ids.uuid7(START)
            db.session.execute(_RATING, {"episode": episode, "scale": scale, "mark": mark, "message": message})
        self._works()
        group = db.session.execute(text("SELECT min(id) FROM staff_group")).scalar_one()
        for person in self.people.values():
            db.session.execute(text("INSERT INTO group_member VALUES (:group, :person)"), vars_of(group, person))

    def episode(
        self, client: str, came: str, replied: str, closed: str, outcome: str, *had: tuple[str, str, str]
    ) -> int:
        chat, identity = db.session.execute(_CLIENT, {"at": START, "channel": self.channel, "name": client}).one()
        values = {"chat": chat, "identity": identity, "channel": self.channel, "outcome": outcome}
        moments = {"arrived": at(came), "replied": at(replied), "closed": at(closed)}
        owner = self.people[had[-1][0]]
        episode: int = db.session.execute(_EPISODE, {**values, **moments, "owner": owner}).scalar_one()
        for person, began, ended in had:
            spell = {"episode": episode, "person": self.people[person], "began": at(began), "ended": at(ended)}
            db.session.execute(_HAD, spell)
        return episode

    def _works(self) -> None:
        aziza = self.people["Aziza"]
        work = self._status("Работа", True, None)
        pause = self._status("Перерыв", False, 15)
        shift = db.session.execute(_SHIFT, {"person": aziza, "day": START.date(), "at": at("9:00")}).scalar_one()
        for status, began, ended in ((work, "9:00", "13:00"), (pause, "13:00", "13:40"), (work, "13:40", "")):
            span = {"shift": shift, "person": aziza, "status": status, "began": at(began)}
            db.session.execute(_SPAN, {**span, "ended": at(ended) if ended else None})

    def _status(self, name: str, works: bool, minutes: int | None) -> int:
        values = {"names": json.dumps({"ru": name}), "works": works, "minutes": minutes}
        return int(db.session.execute(_STATUS, values).scalar_one())


def vars_of(group: int, person: int) -> dict[str, int]:
    return {"group": group, "person": person}
