"""What giving a chat costs: a thousand operators at work, ten thousand waiting chats, one decision at a time."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
from sqlalchemy import event, text

from app.actions import dispatch
from app.base import clock
from app.models.db import db
from bench.figures import Figure, percentile
from bench.lab import Lab
from bench.people import hire
from bench.reading import Library, library

_OPERATORS = 1000
_WAITING = 10_000
_CAPACITY = 5

_SETTINGS = """
    INSERT INTO setting (key, value, changed_at) VALUES ('routing.mode', '"assign"', now());
    UPDATE setting_version SET number = number + 1;
"""
_AT_WORK = """
    UPDATE status_span SET status_id = (SELECT id FROM work_status WHERE takes_new_chats ORDER BY position LIMIT 1);
    DELETE FROM status_span WHERE person_id IN (SELECT p.id FROM person p JOIN person_role r ON r.person_id = p.id
      JOIN role ON role.id = r.role_id WHERE role.code = 'supervisor');
    INSERT INTO person_language (person_id, language)
    SELECT id, l FROM person, unnest(ARRAY['ru', (ARRAY['uz_Latn', 'uz_Cyrl', 'en'])[1 + id % 3]]) l
    ON CONFLICT DO NOTHING;
    INSERT INTO staff_group (names, position) SELECT '{"ru": "Группа"}', n FROM generate_series(1, 12) n;
    INSERT INTO group_member (group_id, person_id)
    SELECT g.id, p.id FROM person p JOIN staff_group g ON g.id % 12 IN (p.id % 12, (p.id + 5) % 12)
    ON CONFLICT DO NOTHING;
"""
_QUEUE = """
    UPDATE standing SET queued_at = waits_since, score = chat_id % 97,
           language = (ARRAY['ru', 'ru', 'uz_Latn', 'uz_Latn', 'uz_Cyrl', 'en', NULL])[1 + chat_id % 7],
           group_id = CASE WHEN chat_id % 4 > 0
                           THEN (SELECT id FROM staff_group ORDER BY id OFFSET chat_id % 10 LIMIT 1) END
     WHERE stage = 'queue'
"""
# Somebody finishes one chat and has a hand free.
_FREED = """
    WITH gone AS (DELETE FROM standing WHERE chat_id = (
      SELECT chat_id FROM standing WHERE stage = 'work' ORDER BY chat_id DESC LIMIT 1) RETURNING episode_id)
    UPDATE assignment SET ended_at = now() WHERE episode_id = (SELECT episode_id FROM gone) AND ended_at IS NULL
"""


@dataclass(frozen=True)
class _Decision:
    """Milliseconds from a free hand until the chat is written as its owner's, and until all screens were told.

    `ours`: of these the processor time of this process; the load of the machine does not lengthen it much.
    """

    written: float
    shown: float
    ours: float


def assignment(lab: Lab) -> Iterator[Figure]:
    """One decision with everybody busy but one; and the same backlog given out to a thousand free hands."""
    many = library(lab.desk, "queued", chats=lab.scaled(60_000, 15_500), waiting=_WAITING + _OPERATORS * _CAPACITY)
    _staff(many, lab.desk.database_named("queued", "postgres"))
    with many.app.app_context():
        given, took = _give_out()
        yield Figure("assignment", "a chat of a backlog", round(took / max(given, 1) * 1000, 2), "ms", 20)
        backend, written = _backend(), list[float]()
        event.listen(db.session, "after_commit", lambda _session: written.append(time.perf_counter()))
        before = _processor(backend)
        times = [_one(many, written) for _ in range(lab.scaled(200, 60))]
        theirs = (_processor(backend) - before) / len(times)
        trip = percentile([_trip() for _ in range(200)], 0.5)
    waits = many.one("SELECT count(*) FROM standing WHERE stage = 'queue'")
    about = {"operators": _OPERATORS, "waiting": waits, "postgres_cpu_ms": round(theirs, 1), "trip_ms": round(trip, 2)}
    for what, of in (("written", [one.written for one in times]), ("and shown", [one.shown for one in times])):
        yield Figure("assignment", f"one decision {what}, p95", round(percentile(of, 0.95), 1), "ms", 20, about=about)
        yield Figure("assignment", f"one decision {what}, median", round(percentile(of, 0.5), 1), "ms", about=about)
    ours = percentile([one.ours for one in times], 0.5)
    yield Figure("assignment", "processor time of one decision", round(ours + theirs, 1), "ms", about=about)
    yield Figure("assignment", "an empty trip to PostgreSQL meanwhile", round(trip, 2), "ms")


def _staff(many: Library, superuser: str) -> None:
    with psycopg.connect(many.url, autocommit=True) as connection:
        hire(connection, _OPERATORS)
        for part in (_SETTINGS, _AT_WORK, _QUEUE):
            connection.execute(part)
    with psycopg.connect(superuser, autocommit=True) as connection:  # only a table's owner may
        connection.execute("ANALYZE")


def _give_out() -> tuple[int, float]:
    """Everybody's hands are filled; how many chats, and how many seconds."""
    given, began = 0, time.perf_counter()
    while more := dispatch.assign(clock.now()):
        given += more
    return given, time.perf_counter() - began


def _one(many: Library, written: list[float]) -> _Decision:
    """From a free hand to the next chat in it. `written`: when our transactions were committed, the last one last."""
    with psycopg.connect(many.url, autocommit=True) as connection:
        connection.execute(_FREED)
    db.session.rollback()
    busy, began = time.process_time(), time.perf_counter()
    if dispatch.assign(clock.now() + timedelta(seconds=1)) != 1:
        raise RuntimeError("a free hand got no chat")
    shown, ours = time.perf_counter() - began, time.process_time() - busy
    return _Decision((written[-1] - began) * 1000, shown * 1000, ours * 1000)


def _trip() -> float:
    began = time.perf_counter()
    db.session.scalar(text("SELECT 1"))
    return (time.perf_counter() - began) * 1000


def _backend() -> int:
    """The process of PostgreSQL that serves us."""
    pid = db.session.scalar(text("SELECT pg_backend_pid()"))
    db.session.rollback()
    return int(pid or 0)


def _processor(pid: int) -> float:
    """Milliseconds of processor time that a process has used."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")
