"""What a page costs the server, with little and with much in the database: the ratio is what counts.

BENCH_READING_ROWS=10000000 fills the larger database up with messages, as many as three years of a large bank.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import event

from app.config import read_environment
from app.factory import create_app
from app.models.db import db
from bench.desk import Desk
from bench.drawing import against_bare
from bench.figures import Figure, beside, percentile
from bench.lab import Lab
from bench.people import COOKIE, hire
from deploy.local.place import ROOT

# Of other chats than the longest, which is the one that is opened: these texts are sealed by nobody.
_FILL = """
    INSERT INTO message (id, chat_id, episode_id, identity_id, kind, at, received_at, text, rev)
    SELECT moved.id, m.chat_id, m.episode_id, m.identity_id, 'client', moved.at, moved.at, m.text, 1
      FROM (SELECT DISTINCT ON (episode_id) * FROM message
             WHERE identity_id IS NOT NULL AND chat_id <> %(longest)s ORDER BY episode_id) m
     CROSS JOIN LATERAL (
       SELECT uuidv7(at - now()) AS id, at
         FROM (SELECT m.at - n * interval '1 second' AS at FROM generate_series(1, %(each)s) n) AS moments) AS moved
"""
_LONGEST = "SELECT chat_id FROM message GROUP BY chat_id ORDER BY count(*) DESC, chat_id LIMIT 1"

_MAKING = threading.Lock()  # an application sets what its whole process uses: one at a time


@dataclass
class Library:
    """A database of its own with generated chats, and the application in this process looking at it.

    `url` is the application's, `owner` of the role that may gather statistics.
    """

    app: Flask
    url: str
    owner: str
    token: str

    def get(self, path: str) -> float:
        """Milliseconds of the server for one page as htmx asks for it."""
        client = self.app.test_client()
        client.set_cookie(COOKIE, self.token)
        began = time.perf_counter()
        answer = client.get(path, headers={"HX-Request": "true"})
        took = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{path} was answered {answer.status_code}")
        return took

    def statements(self, path: str) -> int:
        """How many it asks of the database."""
        asked: list[Any] = []
        with self.app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
        self.get(path)
        return len(asked)

    def one(self, statement: str) -> Any:
        with psycopg.connect(self.url) as connection:
            row = connection.execute(statement).fetchone()
        return row[0] if row else None


def reading(lab: Lab) -> Iterator[Figure]:
    """The list with 100 and 10,000 waiting chats; a chat's newest fifty among few and many messages; bare Jinja."""
    with ThreadPoolExecutor(2) as pool:
        little = pool.submit(library, lab.desk, "few", chats=lab.scaled(10_000, 1000), waiting=100)
        much = pool.submit(library, lab.desk, "many", chats=lab.scaled(110_000, 11_000), waiting=10_000)
        few, many = little.result(), much.result()
    path = "/chats/list?tab=queue"
    yield from _ratio("list", "10 000 waiting / 100", partial(_typical, many, path), partial(_typical, few, path), 1.2)
    # The first loads session, person and rights.
    yield Figure("list", "statements beyond the viewer's", many.statements(path) - 1, "", 3)

    longest = [one.one(_LONGEST) for one in (few, many)]
    _filled(many, longest[1], int(os.environ.get("BENCH_READING_ROWS") or 0))
    small, large = (one.one("SELECT count(*) FROM message") for one in (few, many))
    paths = [f"/chats/{one}" for one in longest]
    what = f"{large:,} messages / {small:,}".replace(",", " ")
    yield from _ratio("thread", what, partial(_typical, many, paths[1]), partial(_typical, few, paths[0]), 1.5)
    yield Figure("thread", f"p95 at {large:,}".replace(",", " "), _p95(many, paths[1]), "ms", 100)
    yield from against_bare(many.app, many.get, {"list": path, "thread": paths[1]})


def _filled(held: Library, longest: int, rows: int) -> None:
    missing = rows - int(held.one("SELECT count(*) FROM message"))
    if missing > 0:
        with psycopg.connect(held.url) as connection:
            each = -(-missing // int(held.one("SELECT count(*) FROM episode")))
            connection.execute(_FILL, {"longest": longest, "each": each})
        with psycopg.connect(held.owner, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE message")


def _typical(library: Library, path: str) -> float:
    return percentile([library.get(path) for _ in range(15)], 0.5)


def _p95(library: Library, path: str) -> float:
    return round(percentile([library.get(path) for _ in range(60)], 0.95), 1)


def _ratio(bench: str, what: str, much: Any, little: Any, target: float) -> Iterator[Figure]:
    much(), little()
    ours, base = beside(much, little)
    about = {"much_ms": round(ours, 2), "little_ms": round(base, 2)}
    yield Figure(bench, f"{what}: server time", round(ours / base, 2), "×", target, about=about)
    yield Figure(bench, "server time with much", round(ours, 1), "ms")


def library(desk: Desk, name: str, chats: int, waiting: int) -> Library:
    with psycopg.connect(desk.superuser, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER muloqot_owner")
    env = {
        **desk.env,
        "DATABASE_URL": desk.database_named(name),
        "DATABASE_OWNER_URL": desk.database_named(name, "muloqot_owner"),
    }
    numbers = ("--chats", str(chats), "--waiting", str(waiting), "--days", "90")
    for arguments in (("prepare",), ("demo", "generate", *numbers)):
        command = (sys.executable, "-m", "app.cli", *arguments)
        subprocess.run(command, cwd=ROOT, env=os.environ | env, check=True, stdout=subprocess.DEVNULL)
    url, owner = desk.database_named(name), desk.database_named(name, "muloqot_owner")
    with psycopg.connect(url, autocommit=True) as connection:
        supervisor = hire(connection, 1, "supervisor")[0]
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("ANALYZE")
    with _MAKING:
        return Library(create_app(read_environment(env)), url, owner, supervisor.token)
