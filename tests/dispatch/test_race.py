"""Thousands press at once: no chat has two owners, none is lost, nobody holds more than the system may give him."""

import os
from concurrent.futures import ThreadPoolExecutor
from random import Random

from flask import Flask
from sqlalchemy import TextClause, text

from app.actions import dispatch, offers, routing
from app.base import ears
from app.base.refusal import Refusal
from app.models.db import db, transaction
from app.models.viewer import Viewer
from tests.cast import Cast
from tests.dispatch.conftest import Room

_TURNS = 100_000 if os.environ.get("LONG") else 5_000
_THREADS = 6
_CHATS = 60
_LOOKS = 100

_WRONG = """
    SELECT count(*) FROM standing s
     WHERE (s.stage = 'work') <> (s.owner_id IS NOT NULL)
        OR s.owner_id IS DISTINCT FROM (SELECT a.person_id FROM assignment a
                                         WHERE a.episode_id = s.episode_id AND a.ended_at IS NULL)
"""
# What a person's page shows him: chats of his own, and those he is asked about.
_OWN = text("SELECT chat_id FROM standing WHERE owner_id = :id ORDER BY random() LIMIT 1")
_ASKED = text("SELECT chat_id FROM standing WHERE offered_to = :id ORDER BY random() LIMIT 1")


def test_five_thousand_accepts_takes_and_returns_at_once_leave_every_chat_with_one_owner(
    app: Flask, room: Room, cast: Cast
) -> None:
    people = [room.active(one, capacity=8) for one in (cast.aziza, cast.timur, cast.botir)]
    chats = [room.waits() for _ in range(_CHATS)]

    with ThreadPoolExecutor(_THREADS) as pool:
        unexpected = list(filter(None, pool.map(lambda seed: _play(app, room, people, chats, seed), range(_THREADS))))

    assert unexpected == []
    assert room.one(_WRONG) == 0
    assert room.one("SELECT count(*) FROM standing") == _CHATS
    assert room.one("SELECT count(*) - count(DISTINCT episode_id) FROM assignment WHERE ended_at IS NULL") == 0
    assert room.one("SELECT count(*) FROM assignment") > _TURNS // 6, "most of it must not have been refused"


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
        for number in range(_TURNS // _THREADS):
            try:
                if number % _LOOKS == 0:
                    _look(room)
                _turn(chance.randrange(12), chance.choice(chats), chance.choice(people), room)
            except Refusal:
                pass
            except Exception as error:
                return repr(error)
    return ""


def _look(room: Room) -> None:
    """At every moment each chat has one owner or none. Somebody's page is open elsewhere: what he would not see is not
    drawn, as when the desk is at work."""
    ears.tell(["person:0:ru"])
    if wrong := room.one(_WRONG):
        raise RuntimeError(f"{wrong} chats do not stand as they are assigned")


def _turn(what: int, chat: int, by: Viewer, room: Room) -> None:
    match what:
        case 0:
            dispatch.assign(room.now)
        case 1 | 2:
            routing.take_next(by, room.now)
        case 3:
            routing.take(chat, by, room.now)
        case 4 | 5 | 6 | 7:
            if (mine := _one(_OWN, by)) is not None:
                routing.give_back(mine, by, room.now)
        case 8 | 9:
            if (asked := _one(_ASKED, by)) is not None:
                offers.accept(asked, by, room.now)
        case _:
            _offer(chat, by)


def _one(statement: TextClause, by: Viewer) -> int | None:
    with transaction():
        found: int | None = db.session.scalar(statement, {"id": by.person_id})
        return found


def _offer(chat: int, by: Viewer) -> None:
    """As a transfer would: the chat stays where it is until it is accepted."""
    with transaction():
        db.session.execute(
            text("""UPDATE standing SET offered_to = :id, offered_until = now() + interval '1 hour',
                           offered_how = 'offer' WHERE chat_id = :chat AND stage = 'queue'"""),
            {"id": by.person_id, "chat": chat},
        )
