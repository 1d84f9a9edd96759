"""What clients say lies nowhere in the open: a dump of the database, Redis, the files and the log are searched."""

import random
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from psycopg import Connection
from sqlalchemy import text

from app.actions import intake
from app.base import clock, redis
from app.channels.contract import Raw
from app.models.db import db
from tests.cast import Cast
from tests.desk.clients import Client
from tests.memory.conftest import remember

pytestmark = [pytest.mark.clause("15.5", "8.4"), pytest.mark.own_database]
COUNT = 1000
LETTERS = "абвгдежзиклмнопрстуфхчш"
# Among megabytes of hexadecimal any nine digits stand by chance: a number is found where it stands by itself.
_NUMBERS = re.compile(rb"(?<![0-9A-Fa-f])(?:998)?(\d{9}|\d{16})(?![0-9A-Fa-f])")


def planted() -> list[tuple[str, str, str]]:
    """(a word, a phone, a card) of each, that can stand nowhere by chance."""
    chance = random.Random(7)
    return [
        (
            "".join(chance.choices(LETTERS, k=14)),
            f"90{chance.randrange(10**6, 10**7)}",
            _card(f"8600{chance.randrange(10**10, 10**11)}"),
        )
        for _ in range(COUNT)
    ]


def test_nothing_a_client_said_lies_in_the_open(
    app: Flask, dilshod: Client, cast: Cast, superuser: "Connection[Any]", caplog: pytest.LogCaptureFixture
) -> None:
    words = planted()
    chat_id = dilshod.writes("salom")
    now = clock.now()
    raws = []
    for number, (word, phone, card) in enumerate(words, 10_000):
        who = {"id": 90_000 + number, "is_bot": False, "first_name": f"Имя{word}"}
        said = f"меня зовут {word}, телефон +998{phone}, карта {card} cvv 737"
        about = {"message_id": number, "from": who, "chat": {"id": who["id"], "type": "private"}}
        message = {**about, "date": int(now.timestamp()), "text": said}
        raws.append(Raw(str(number), {"update_id": number, "message": message}))
    intake.accept(dilshod.channel_id, "telegram", raws, now)
    while intake.take(clock.now()):
        pass
    remember()
    assert db.session.scalar(text("SELECT count(*) FROM message")) == COUNT + 1
    db.session.rollback()
    cast.botir.browser.get(f"/history?q={words[3][0]}")
    cast.botir.browser.get(f"/chats/{chat_id}")
    heaps = {
        "database": dump(superuser),
        "redis": b"\n".join(_redis_values()),
        "files": b"\n".join(one.read_bytes() for one in files(app)),
        "log": caplog.text.encode(),
    }
    for where, heap in heaps.items():
        found = found_in(heap, words)
        assert found == [], f"{len(found)} in the {where}"
    assert b"cvv 737" not in b"".join(_sealed_codes())


def found_in(heap: bytes, planted: list[tuple[str, str, str]]) -> list[str]:
    """Which of the planted stand there."""
    numbers = {found[1].decode() for found in _NUMBERS.finditer(heap)}
    return [
        *(word for word, _phone, _card in planted if word.encode() in heap),
        *(number for _word, *both in planted for number in both if number in numbers),
    ]


def dump(superuser: "Connection[Any]") -> bytes:
    """Every row of every table, as pg_dump would write it; bytes as they are and in hexadecimal."""
    found = b""
    tables = superuser.execute("""
        SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    """).fetchall()
    for (table,) in tables:
        with superuser.cursor().copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as copy:
            found += b"".join(bytes(part) for part in copy)
        with superuser.cursor().copy(f'COPY "{table}" TO STDOUT') as copy:
            found += b"".join(bytes(part) for part in copy)
    return found


def files(app: Flask) -> list[Path]:
    return [one for one in app.config["SETTINGS"].data.rglob("*") if one.is_file()]


def _redis_values() -> list[bytes]:
    client = redis.client()
    return [key + b" " + (client.dump(key) or b"") for key in client.scan_iter("*")]


def _sealed_codes() -> list[bytes]:
    from app.base import crypt

    rows = db.session.execute(text("SELECT id, text FROM message")).all()
    return [crypt.open_bytes(row.text, ("message.text", row.id)) for row in rows]


def _card(digits: str) -> str:
    """The digits with their check digit (ISO/IEC 7812-1, annex B)."""
    total = sum(int(one) if place % 2 else sum(divmod(2 * int(one), 10)) for place, one in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"
