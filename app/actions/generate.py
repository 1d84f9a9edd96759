"""Made-up chats in any number, for demonstrations and benchmarks: plausible hours, languages, topics; sealed texts.

Written with COPY, so that a million messages take a minute. Never in production.
"""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import generated_words as words
from app.base import crypt, ids
from app.base.clock import TASHKENT
from app.base.refusal import Refusal
from app.base.tokens import message_tokens
from app.models.chat import Verb
from app.models.db import db, transaction

BATCH = 2000
# Chats of an hour of the day in Tashkent, of a working day's hundred or so.
_HOURS = (1, 1, 0.5, 0.5, 0.5, 1, 2, 4, 7, 10, 11, 11, 9, 8, 9, 10, 10, 9, 7, 6, 5, 4, 3, 2)
_WEEKDAYS = (1.3, 1.1, 1, 1, 1.1, 0.6, 0.4)
_TURNS, _SHARES = (1, 2, 3, 4, 6, 8, 12, 30), (12, 24, 22, 14, 12, 8, 6, 2)
_NAME = "Generated"


class NotHere(Refusal):
    notice = _l("Invented chats do not belong in a bank's own system.")


@dataclass(frozen=True)
class Counted:
    chats: int
    messages: int


@dataclass
class _Chat:
    """One dialogue with its keys; `owner` is None while it waits in the queue."""

    customer_id: int
    identity_id: int
    id: int
    episode_id: int
    began: datetime
    language: str
    topic: str
    open: bool
    owner: int | None
    said: list[tuple[UUID, datetime, bool, str]]


def chats(count: int, days: int, now: datetime, *, waiting: int | None = None, seed: int = 1) -> Counted:
    """Make so many chats of the last `days` days; the newest of them are open, `waiting` of these in the queue.

    Raises NotHere in production.
    """
    if current_app.config["SETTINGS"].production:
        raise NotHere
    chance = random.Random(seed)  # noqa: S311 - invented talk need not be unguessable
    _months(now - timedelta(days=days), days)
    moments = sorted(_moment(chance, now, days) for _ in range(count))
    left = min(count, 100 if waiting is None else waiting)
    messages = 0
    for start in range(0, count, BATCH):
        part = moments[start : start + BATCH]
        opened = max(0, min(len(part), start + len(part) - (count - left)))
        with transaction():
            messages += _write(list(_talks(chance, part, opened, now)), now)
    return Counted(count, messages)


def _months(since: datetime, days: int) -> None:
    with transaction():
        db.session.execute(text("SELECT make_months(:since, :ahead)"), {"since": since.date(), "ahead": days // 28 + 2})


def _moment(chance: random.Random, now: datetime, days: int) -> datetime:
    """A client's first word: by day more than by night, on Mondays more than on Sundays."""
    while True:
        moment = now - timedelta(seconds=chance.uniform(60, days * 86400))
        local = moment.astimezone(TASHKENT)
        if chance.random() * 1.3 * max(_HOURS) < _HOURS[local.hour] * _WEEKDAYS[local.weekday()]:
            return moment


def _talks(chance: random.Random, moments: Sequence[datetime], opened: int, now: datetime) -> Iterator[_Chat]:
    keys = [_keys(table, len(moments)) for table in ("customer", "identity", "chat", "episode")]
    owners = list(db.session.scalars(text("SELECT id FROM person WHERE blocked_at IS NULL AND deleted_at IS NULL")))
    for place, began in enumerate(moments):
        language = chance.choices(words.LANGUAGES, (5, 3, 2))[0]
        is_open = place >= len(moments) - opened
        owner = None if is_open or not owners else chance.choice(owners)
        topic = chance.choice(words.TOPICS)
        said = list(_said(chance, began, language, topic, answered=not is_open, now=now))
        customer, identity, chat, episode = (key[place] for key in keys)
        yield _Chat(customer, identity, chat, episode, began, language, topic, is_open, owner, said)


def _said(
    chance: random.Random, began: datetime, language: str, topic: str, *, answered: bool, now: datetime
) -> Iterator[tuple[UUID, datetime, bool, str]]:
    """(id, moment, whether it is the bank's, words), in order."""
    at = began
    for turn in range(chance.choices(_TURNS, _SHARES)[0] if answered else 1):
        yield ids.uuid7(at), at, False, words.asked(chance, language, topic, turn)
        if answered:
            at = min(now, at + timedelta(seconds=chance.expovariate(1 / 45) + 5))
            yield ids.uuid7(at), at, True, words.answered(chance, language, topic, turn)
            at = min(now, at + timedelta(seconds=chance.expovariate(1 / 60) + 3))


def _write(made: list[_Chat], now: datetime) -> int:
    channel_id = _channel(now)
    _copy("customer", "id, name, language, created_at", (
        (one.customer_id, crypt.seal(words.name(one.customer_id), at=("customer.name", one.customer_id)),
         one.language, one.began) for one in made
    ))  # fmt: skip
    _copy("identity", "id, customer_id, channel_id, external_id, lane, name, language_hint, created_at", (
        (one.identity_id, one.customer_id, channel_id, f"g{one.identity_id}", f"g{one.identity_id}",
         crypt.seal(words.name(one.customer_id), at=("identity.name", one.identity_id)), one.language[:2], one.began)
        for one in made
    ))  # fmt: skip
    _copy("chat", "id, customer_id, rev, created_at", (
        (one.id, one.customer_id, len(one.said) + 1, one.began) for one in made
    ))  # fmt: skip
    _copy("episode", "id, chat_id, number, direction, type, channel_id, identity_id, language, owner_id, arrived_at,"
          " queued_at, assigned_at, first_reply_at, closed_at, closed_by, outcome", (
        _episode(one, channel_id) for one in made
    ))  # fmt: skip
    _copy("standing", "chat_id, episode_id, stage, identity_id, waits_since, unread, last_id, last_at", (
        (one.id, one.episode_id, "queue", one.identity_id, one.began, len(one.said), one.said[-1][0], one.said[-1][1])
        for one in made if one.open
    ))  # fmt: skip
    _copy("event", "id, chat_id, episode_id, at, verb, data, rev", (
        (ids.uuid7(one.began), one.id, one.episode_id, one.began, Verb.OPENED.value, "{}", 1) for one in made
    ))  # fmt: skip
    _copy("message_words", "message_id, chat_id, words", (
        (message_id, one.id, _words(said)) for one in made for message_id, _at, _ours, said in one.said
    ))  # fmt: skip
    return _copy("message", "id, chat_id, episode_id, identity_id, kind, person_id, at, received_at, external_id,"
                 " text, shape, state, rev", (
        row for one in made for row in _messages(one)
    ))  # fmt: skip


def _episode(one: _Chat, channel_id: int) -> tuple[Any, ...]:
    first = None if one.open else one.said[1][1]
    closed = None if one.open else one.said[-1][1] + timedelta(seconds=30)
    outcome = None if one.open else "solved"
    return (one.episode_id, one.id, 1, "in", "new", channel_id, one.identity_id, one.language, one.owner, one.began,
            one.began, first, first, closed, one.owner, outcome)  # fmt: skip


def _messages(one: _Chat) -> Iterator[tuple[Any, ...]]:
    for number, (message_id, at, ours, said) in enumerate(one.said):
        sealed = crypt.seal(said, at=("message.text", message_id))
        kind, owner, state = ("mine", one.owner, "sent") if ours else ("client", None, None)
        yield (message_id, one.id, one.episode_id, one.identity_id, kind, owner, at, at, f"{number + 1}", sealed,
               json.dumps({}), state, number + 2)  # fmt: skip


@lru_cache(maxsize=4096)
def _words(said: str) -> list[int]:
    return message_tokens(said)


def _copy(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> int:
    """COPY rows in; how many."""
    driver = db.session.connection().connection.driver_connection
    assert driver is not None  # noqa: S101 - a session's connection has one
    count = 0
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def _keys(table: str, count: int) -> list[int]:
    taken = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
    return list(db.session.scalars(taken, {"table": table, "count": count}))


def _channel(now: datetime) -> int:
    """A bot that is switched off: what is invented is sent to nobody."""
    found = db.session.scalar(text("SELECT id FROM channel WHERE name = :name"), {"name": _NAME})
    if found is None:
        made = text("""
            INSERT INTO channel (kind, name, key, enabled, created_at)
            VALUES ('telegram', :name, :key, false, :now) RETURNING id
        """)
        found = db.session.scalar(made, {"name": _NAME, "key": ids.uuid7(now).hex, "now": now})
    return int(found or 0)
