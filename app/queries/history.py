"""All chats that a viewer may see, newest first: by client, phone, number, operator, topic, channel, outcome, day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.base import crypt, tokens
from app.base.clock import day_bounds
from app.base.crypt import opened
from app.base.numbers import whole
from app.models.db import db
from app.models.field import FIELDS
from app.models.viewer import AnyViewer
from app.queries import fresh
from app.queries.chat_search import named
from app.queries.search import LATEST, Wish, filters, phone_digits
from app.queries.visible import REACH, reach

PAGE = 30
# Episodes looked at for one page: whoever sees few of many goes on by asking further.
_LOOKED_AT = 3000
_CLIENTS = 200
_MOST_CLIENTS = 10


@dataclass(frozen=True)
class Line:
    """One episode, shown as a chat."""

    episode_id: int
    chat_id: int
    number: int
    name: str
    channel_kind: str
    channel_name: str
    owner_name: str | None
    topics: list[dict[str, str]]
    outcome: str | None
    arrived_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class Listed:
    """`after`: the cursor of what is older; `stopped`: the page is not full, there may be more behind it."""

    lines: tuple[Line, ...]
    after: str | None = None
    stopped: bool = False


_COLUMNS = """t.id AS episode_id, t.chat_id, t.number, k.id AS customer_id, k.name, h.kind AS channel_kind,
       h.name AS channel_name, o.name AS owner_name, t.outcome, t.arrived_at, t.closed_at,
       (SELECT coalesce(jsonb_agg(tp.names ORDER BY tp.position), '[]')
          FROM episode_topic et JOIN topic tp ON tp.id = et.topic_id WHERE et.episode_id = t.id) AS topics"""
_BESIDE = """JOIN customer k ON k.id = c.customer_id
  JOIN channel h ON h.id = t.channel_id
  LEFT JOIN person o ON o.id = t.owner_id"""

_EPISODES = f"""
    WITH looked AS MATERIALIZED (
      SELECT t.* FROM episode t
       WHERE t.arrived_at >= :since AND (t.arrived_at, t.id) < (:until, :before) {{filters}}
       ORDER BY t.arrived_at DESC, t.id DESC LIMIT {_LOOKED_AT}
    ), seen AS MATERIALIZED (
      SELECT t.* FROM looked t
        JOIN chat c ON c.id = t.chat_id
        {LATEST}
        LEFT JOIN standing s ON s.chat_id = c.id
       WHERE {REACH} ORDER BY t.arrived_at DESC, t.id DESC LIMIT {PAGE + 1}
    ), edge AS (
      SELECT count(*) AS looked_at, min(arrived_at) AS oldest_at, min(id) AS oldest_id FROM looked
    )
    SELECT edge.*, {_COLUMNS}
      FROM edge LEFT JOIN seen t ON true LEFT JOIN chat c ON c.id = t.chat_id
      LEFT JOIN customer k ON k.id = c.customer_id LEFT JOIN channel h ON h.id = t.channel_id
      LEFT JOIN person o ON o.id = t.owner_id
     ORDER BY t.arrived_at DESC, t.id DESC
"""  # noqa: S608 - our own words

# Whoever was merged into another is found by his own name and phone, too: where his dialogue goes on.
_OF_CLIENTS = f"""
    WITH w AS MATERIALIZED (
      SELECT max(k.id) AS id, coalesce(k.merged_into, k.id) AS root_id FROM customer k WHERE {{which}}
       GROUP BY 2 ORDER BY 1 DESC LIMIT {_CLIENTS}
    )
    SELECT w.id AS found_id, f.name AS found_name, {_COLUMNS}
      FROM w JOIN customer f ON f.id = w.id JOIN chat c ON c.customer_id = w.root_id
      {LATEST}
      LEFT JOIN standing s ON s.chat_id = c.id
      JOIN episode t ON t.id = e.id
      {_BESIDE}
     WHERE {REACH} {{filters}} ORDER BY t.arrived_at DESC LIMIT {_CLIENTS}
"""  # noqa: S608 - our own words
_WHICH = {
    "name": "k.words @> CAST(:words AS int[])",
    "chat": "k.id = (SELECT customer_id FROM chat WHERE id = :number)",
    "phone": """k.id IN (SELECT customer_id FROM customer_phone WHERE removed_at IS NULL
                          AND CASE :length WHEN 4 THEN last4 WHEN 7 THEN last7 ELSE whole END = :hash)""",
}
_EVER, _NEVER = datetime.fromisoformat("2000-01-01T00:00:00+00:00"), datetime.fromisoformat("2900-01-01T00:00:00+00:00")
_LAST = 2**62
_MICRO = timedelta(microseconds=1)


def chats(viewer: AnyViewer, wish: Wish, after: str = "") -> Listed:
    """A page of episodes, newest first, whatever was said in them. Raises ValueError for what is no cursor."""
    conditions, values = filters(wish)
    until, before = _cursor(after) if after else (_NEVER, _LAST)
    if wish.until:
        until = min(until, day_bounds(wish.until)[1])
    values |= {"since": day_bounds(wish.since)[0] if wish.since else _EVER, "until": until, "before": before}
    found = fresh.rows(_EPISODES.format(filters=conditions), values | reach(viewer))
    lines = [_line(row) for row in found if row.episode_id is not None]
    if len(lines) > PAGE:
        return Listed(tuple(lines[:PAGE]), _place(lines[PAGE - 1].arrived_at, lines[PAGE - 1].episode_id))
    if found and found[0].looked_at == _LOOKED_AT:
        return Listed(tuple(lines), _place(found[0].oldest_at, found[0].oldest_id), stopped=True)
    return Listed(tuple(lines))


def clients(viewer: AnyViewer, wish: Wish) -> tuple[Line, ...]:
    """Chats whose client is meant by the words: by name in either script, phone, or the number of the chat."""
    found: dict[int, Line] = {}
    for which, values in _readings(viewer, wish.words):
        conditions, given = filters(wish)
        statement = _OF_CLIENTS.format(which=_WHICH[which], filters=conditions)
        for row in fresh.rows(statement, values | given | reach(viewer)):
            line = _line(row)
            called = opened(row.found_name, "customer.name", row.found_id)
            if which != "name" or named(called, line.chat_id, wish.words):
                found.setdefault(line.chat_id, line)
    return tuple(sorted(found.values(), key=lambda line: line.arrived_at, reverse=True)[:_MOST_CLIENTS])


def choices() -> dict[str, list[tuple[Any, ...]]]:
    """What may be filtered by: channels, operators, topics; a topic's names by language, and how deep it stands."""
    asked = {
        "channels": "SELECT id, name FROM channel ORDER BY name, id",
        "owners": """SELECT id, name FROM person WHERE id IN (SELECT person_id FROM person_role JOIN role_permission
                     USING (role_id) WHERE permission = 'chats.answer') ORDER BY name, id LIMIT 2000""",
        "topics": """WITH RECURSIVE tree AS (
                       SELECT id, names, 0 AS depth, ARRAY[position, id] AS place FROM topic WHERE parent_id IS NULL
                       UNION ALL
                       SELECT t.id, t.names, depth + 1, place || ARRAY[t.position, t.id]
                         FROM topic t JOIN tree ON tree.id = t.parent_id
                     ) SELECT id, names, depth FROM tree ORDER BY place LIMIT 1000""",
    }
    return {name: [tuple(row) for row in db.session.execute(text(said))] for name, said in asked.items()}


def _readings(viewer: AnyViewer, words: str) -> list[tuple[str, dict[str, Any]]]:
    """As what the words may be meant."""
    bare = words.strip().lstrip("№#").strip()
    number = whole(bare)
    meant: list[tuple[str, dict[str, Any]]] = [] if number is None else [("chat", {"number": number})]
    digits = phone_digits(words)
    # Nobody learns by asking whose phone it is who may not see phones.
    if digits and viewer.may(FIELDS["phone"].permission):
        kind = {4: "phone.last4", 7: "phone.last7"}.get(len(digits), "phone")
        meant.append(("phone", {"length": len(digits), "hash": crypt.keyed_hash(kind, digits)}))
    named_by = tokens.query_tokens(words)
    if named_by and not bare.isdigit():
        meant.append(("name", {"words": named_by}))
    return meant


def _line(row: Any) -> Line:
    return Line(
        row.episode_id, row.chat_id, row.number, opened(row.name, "customer.name", row.customer_id), row.channel_kind,
        row.channel_name, row.owner_name, row.topics, row.outcome, row.arrived_at, row.closed_at,
    )  # fmt: skip


def _place(at: datetime, episode_id: int) -> str:
    return f"{(at - _EVER) // _MICRO}-{episode_id}"


def _cursor(told: str) -> tuple[datetime, int]:
    micros, _, episode_id = told.partition("-")
    if not micros.isdigit() or len(micros) > 17:
        raise ValueError(told)
    return _EVER + int(micros) * _MICRO, int(episode_id)
