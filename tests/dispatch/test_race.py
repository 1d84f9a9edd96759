"""Thousands press at once: no chat has two owners, none is lost, nobody holds more than the system may give him."""

import os
from concurrent.futures import ThreadPoolExecutor
from random import Random

from flask import Flask
from sqlalchemy import text

from app.actions import dispatch, offers, routing
from app.base.refusal import Refusal
from app.models.db import db, transaction
from app.models.viewer import Viewer
from tests.cast import Cast
from tests.dispatch.conftest import Room

_TURNS = 100_000 if os.environ.get("LONG") else 5_000
_CHATS = 60

_WRONG = """
    SELECT count(*) FROM standing s
     WHERE (s.stage = 'work') <> (s.owner_id IS NOT NULL)
        OR s.owner_id IS DISTINCT FROM (SELECT a.person_id FROM assignment a
                                         WHERE a.episode_id = s.episode_id AND a.ended_at IS NULL)
"""


def test_five_thousand_accepts_takes_and_returns_at_once_leave_every_chat_with_one_owner(
    app: Flask, room: Room, cast: Cast
) -> None:
    people = [room.active(one, capacity=8) for one in (cast.aziza, cast.timur, cast.botir)]
    chats = [room.waits() for _ in range(_CHATS)]

    with ThreadPoolExecutor(6) as pool:
        unexpected = list(filter(None, pool.map(lambda seed: _play(app, room, people, chats, seed), range(6))))

    assert unexpected == []
    assert room.one(_WRONG) == 0
    assert room.one("SELECT count(*) FROM standing") == _CHATS
    assert room.one("SELECT count(*) - count(DISTINCT episode_id) FROM assignment WHERE ended_at IS NULL") == 0


def test_assigners_side_by_side_never_fill_anybody_above_his_capacity(app: Flask, room: Room, cast: Cast) -> None:
    for actor in (cast.aziza, cast.timur):
        room.active(actor, capacity=5)
    for _ in range(30):
        room.waits()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: _assign(app, room), range(8)))

    held = room.one(
        "SELECT max(n) FROM (SELECT count(*) AS n FROM standing WHERE owner_id IS NOT NULL GROUP BY owner_id) h"
    )
    assert held == 5
    assert room.one("SELECT count(*) FROM standing WHERE owner_id IS NOT NULL") == 10


def _assign(app: Flask, room: Room) -> None:
    with app.app_context():
        dispatch.assign(room.now)


def _play(app: Flask, room: Room, people: list[Viewer], chats: list[int], seed: int) -> str:
    """One thread's share of turns; what went wrong beyond a refusal."""
    chance = Random(seed)
    with app.app_context():
        for _ in range(_TURNS // 6):
            by, chat = chance.choice(people), chance.choice(chats)
            try:
                _turn(chance.randrange(6), chat, by, room)
            except Refusal:
                pass
            except Exception as error:
                return repr(error)
    return ""


def _turn(what: int, chat: int, by: Viewer, room: Room) -> None:
    match what:
        case 0 | 1:
            routing.take_next(by, room.now)
        case 2:
            routing.take(chat, by, room.now)
        case 3:
            routing.give_back(chat, by, room.now)
        case 4:
            offers.accept(chat, by, room.now)
        case _:
            _offer(chat, by)


def _offer(chat: int, by: Viewer) -> None:
    """As a transfer would: the chat stays where it is until it is accepted."""
    with transaction():
        db.session.execute(
            text("""UPDATE standing SET offered_to = :id, offered_until = now() + interval '1 hour',
                           offered_how = 'offer' WHERE chat_id = :chat AND stage = 'queue'"""),
            {"id": by.person_id, "chat": chat},
        )
