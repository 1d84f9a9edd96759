"""Search in sealed text: rare and common words among many messages, also at the sixth execution and for few rights;
and how soon a word can be found.

BENCH_SEARCH_ROWS=10000000 makes as many as three years of a large bank.
"""

import os
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

import psycopg

from app.base import crypt, ids, tokens
from app.config import read_environment
from app.models.permission import Scope
from app.models.viewer import SYSTEM, AnyViewer, Viewer
from app.queries import search as queries
from app.queries.search import Wish
from bench.figures import Figure, percentile
from bench.hooks import update
from bench.lab import Lab
from bench.pace import open_loop
from bench.people import hire
from bench.reading import Library, library
from bench.screen import NEVER, nonce

_LETTERS = ("ba", "ke", "mo", "ti", "ru", "sha", "lo", "vi", "na", "da", "zo", "fe")
_VOCABULARY, _WORDS = 20_000, 8
_MONTHS = 12
_PER_SECOND, _CLIENTS, _FIRST_CLIENT = 30, 60, 8_400_000
_MESSAGE = "COPY message (id, chat_id, episode_id, identity_id, kind, at, received_at, text, rev) FROM STDIN"
_TOKENS = "COPY message_words (message_id, chat_id, words) FROM STDIN"
_WRITTEN = "SELECT words FROM message_words WHERE message_id > %s"
_SIZE = "SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = %s::regclass"


def search(lab: Lab) -> Iterator[Figure]:
    """Milliseconds of a first page by words of every frequency; the size of what is searched by."""
    rows = int(os.environ.get("BENCH_SEARCH_ROWS") or lab.scaled(1_000_000, 100_000))
    held = library(lab.desk, "search", chats=2000, waiting=100)
    words = _vocabulary()
    with held.app.app_context(), psycopg.connect(held.url) as connection:
        _fill(connection, rows, words)
        with psycopg.connect(held.owner, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE message, message_words")
        own = hire(connection, 1)[0].id
        connection.execute("UPDATE episode SET owner_id = %s WHERE id %% 100 = 0 AND closed_at IS NOT NULL", [own])
    viewers: dict[str, AnyViewer] = {
        "": SYSTEM,
        ", by who sees one chat in a hundred": _who(own),
        ", by who sees none": _who(0),
    }
    size, most = f"{rows:,} messages".replace(",", " "), 20 if rows <= 10**6 else 50
    for seeing, viewer in viewers.items():
        for what, asked in _asked(words).items():
            took, cpu = _took(held, viewer, asked)
            told = f"{what}, {size}{seeing}"
            yield Figure("search", f"{told}: p95", round(percentile(took, 0.95), 1), "ms", most, about={"cpu_ms": cpu})
            yield Figure("search", f"{told}: at the sixth execution", round(took[5], 1), "ms", most)
    words_size, messages = (int(_one(held, _SIZE, table)) for table in ("message_words", "message"))
    index = int(_one(held, _SIZE, "ix_message_words_words"))
    yield Figure("search", "index of words / messages, on the disk", 100 * index / messages, "%", 40)
    yield Figure("search", "all of the words / messages, on the disk", 100 * words_size / messages, "%")


def written(lab: Lab) -> Iterator[Figure]:
    """Webhook → the words of it can be found, under an ordinary load; seconds."""
    crypt.use(crypt.KeyRing.load(read_environment(lab.desk.env).keys))
    took = _written(lab, _PER_SECOND, lab.scaled(30, 8))
    yield Figure("search.written", f"{_PER_SECOND} msg/s, words written: the slowest", round(max(took), 1), "s", 5)
    yield Figure("search.written", f"{_PER_SECOND} msg/s, words written: p50", round(percentile(took, 0.5), 1), "s")


def _asked(words: Sequence[str]) -> dict[str, list[str]]:
    return {
        "common word": list(words[3:23]),
        "middling word": list(words[300:320]),
        "rare word": list(words[15_000:15_020]),
        "no such word": [f"{word[:8]}zzzq" for word in words[15_000:15_020]],
        "two words": [f"{words[place]} {words[place * 40]}" for place in range(5, 25)],
    }


def _who(person_id: int) -> Viewer:
    """Somebody who reads his own chats only."""
    rights = {"chats.read": Scope.OWN}
    return Viewer(person_id, "few", "", "ru", "auto", ids.uuid7(), False, datetime.now(UTC), rights=rights)


def _took(held: Library, viewer: AnyViewer, asked: Sequence[str]) -> tuple[list[float], float]:
    """Each of them several times, in one connection; and what this process computed at the median."""
    took, cpu = [], []
    with held.app.app_context():
        for words in [*asked, *asked]:
            began, computed = time.perf_counter(), time.process_time()
            queries.messages(viewer, Wish(words))
            took.append((time.perf_counter() - began) * 1000)
            cpu.append((time.process_time() - computed) * 1000)
    return took, round(percentile(cpu, 0.5), 1)


def _written(lab: Lab, per_second: int, seconds: int) -> list[float]:
    """Seconds from the moment a word was due at the webhook until it can be found, looked at every 50 ms."""
    lab.hook.pour([update(_FIRST_CLIENT + number) for number in range(_CLIENTS)])
    words = {nonce(): number for number in range(per_second * seconds)}
    asked = {word: set(tokens.query_tokens(word)) for word in words}
    since, found = ids.uuid7(), dict[str, float]()

    def post(word: str) -> None:
        lab.hook.pour([update(_FIRST_CLIENT + words[word] % _CLIENTS, word)], connections=1)

    with ThreadPoolExecutor(1) as pool, lab.desk.connect() as connection:
        pouring, deadline = pool.submit(open_loop, list(words), per_second, post), time.monotonic() + seconds + NEVER
        while len(found) < len(words) and time.monotonic() < deadline:
            time.sleep(0.05)
            held = {token for (row,) in connection.execute(_WRITTEN, [since]) for token in row}
            moment = time.perf_counter()
            found |= dict.fromkeys((word for word in words if word not in found and asked[word] <= held), moment)
        due = pouring.result(NEVER)
    return [found.get(word, moment + NEVER) - moment for word, moment in due.items()]


def _fill(connection: "psycopg.Connection[Any]", rows: int, words: Sequence[str]) -> None:
    chance = random.Random(5)  # noqa: S311 - invented talk
    now = datetime.now(UTC)
    since = now - timedelta(days=30 * _MONTHS)
    connection.execute("SELECT make_months(%s, %s)", [since.date(), _MONTHS + 2])
    places = connection.execute("SELECT chat_id, id, identity_id FROM episode").fetchall()
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    known = [tokens.search_tokens(word) for word in words]
    step = (now - since) / rows
    for start in range(0, rows, 20_000):
        made = []
        for number in range(start, min(start + 20_000, rows)):
            chosen = chance.choices(range(len(words)), cum_weights=weights, k=_WORDS)
            at = since + number * step
            made.append((ids.uuid7(at), at, chance.choice(places), chosen))
        with connection.cursor() as cursor, cursor.copy(_MESSAGE) as copy:
            for message_id, at, (chat_id, episode_id, identity_id), chosen in made:
                said = crypt.seal(" ".join(words[one] for one in chosen), at=("message.text", message_id))
                copy.write_row((message_id, chat_id, episode_id, identity_id, "client", at, at, said, 1))
        with connection.cursor() as cursor, cursor.copy(_TOKENS) as copy:
            for message_id, _at, (chat_id, *_rest), chosen in made:
                copy.write_row((message_id, chat_id, sorted({token for one in chosen for token in known[one]})))
        connection.commit()
    connection.commit()


def _vocabulary() -> list[str]:
    """Invented words, most common first; the common ones are shorter, as in any language."""
    chance = random.Random(3)  # noqa: S311 - invented words
    found: dict[str, None] = {}
    while len(found) < _VOCABULARY:
        syllables = 2 if len(found) < 300 else 3 if len(found) < 3000 else 4
        found["".join(chance.choices(_LETTERS, k=syllables)) + chance.choice("bdkmt")] = None
    return list(found)


def _one(held: Library, statement: str, *values: Any) -> Any:
    with psycopg.connect(held.url) as connection:
        row = connection.execute(statement, values).fetchone()
    return row[0] if row else None
