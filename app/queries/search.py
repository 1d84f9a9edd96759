"""Find what was said: by words in either script, phones, and where and when it was; only what the viewer may see.

The texts are sealed, so the database knows only keyed tokens (docs/decisions/search.md). The
newest month is asked first; candidates are opened and checked until a page is full. A search that would take longer
than its time stops where it stands and goes on from there when asked to.
"""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.base import marks, phones, tokens
from app.base.clock import day_bounds
from app.base.crypt import opened
from app.base.masks import masked
from app.models.db import db
from app.models.viewer import AnyViewer
from app.queries import word_search
from app.queries.visible import REACH, reach
from app.queries.word_search import Tokens

PAGE = 20
# Seconds after which a search stops for a breath.
_BUDGET = 0.5
_OPENED_AT_ONCE = 500
_PHONE = re.compile(r"\+?[\d() -]{4,24}")


@dataclass(frozen=True)
class Wish:
    """What is looked for. `outcome` may also be "open"; `since` and `until` are days of Tashkent, both included."""

    words: str = ""
    chat_id: int | None = None
    owner_id: int | None = None
    channel_id: int | None = None
    topic_id: int | None = None
    outcome: str = ""
    rating: int | None = None
    since: date | None = None
    until: date | None = None

    @property
    def anything(self) -> bool:
        return self != Wish()


@dataclass(frozen=True)
class Hit:
    """A message that has the words: `said` cut into plain and found pieces, masked."""

    message_id: UUID
    chat_id: int
    kind: str
    at: datetime
    who: str | None
    said: tuple[marks.Piece, ...]
    about: dict[str, Any]


@dataclass(frozen=True)
class Found:
    """`after`: the cursor of what is older; `stopped`: the page is not full, there may be more behind it."""

    hits: tuple[Hit, ...]
    after: str | None = None
    stopped: bool = False


# The chat's latest episode says who may see the chat (REACH); the message's own episode is what filters ask about.
FILTERS = {
    "chat_id": "t.chat_id = :chat_id",
    "owner_id": "t.owner_id = :owner_id",
    "channel_id": "t.channel_id = :channel_id",
    "topic_id": "EXISTS (SELECT 1 FROM episode_topic o WHERE o.episode_id = t.id AND o.topic_id = :topic_id)",
    "outcome": "CASE WHEN :outcome = 'open' THEN t.closed_at IS NULL ELSE t.outcome = :outcome END",
    "rating": "EXISTS (SELECT 1 FROM rating r WHERE r.chat_id = t.chat_id AND r.episode_id = t.id"
    " AND r.mark = :rating AND r.excluded_at IS NULL)",
}
LATEST = "JOIN LATERAL (SELECT * FROM episode l WHERE l.chat_id = c.id ORDER BY l.number DESC LIMIT 1) e ON true"

_OPENED = f"""
    SELECT m.id, m.chat_id, m.kind, m.at, m.text, p.name AS who, k.id AS customer_id, k.name AS customer_name,
           h.kind AS channel_kind, h.name AS channel_name, coalesce(o.name, '') AS owner_name
      FROM message m
      JOIN episode t ON t.id = m.episode_id
      JOIN chat c ON c.id = m.chat_id
      {LATEST}
      LEFT JOIN standing s ON s.chat_id = c.id
      JOIN customer k ON k.id = c.customer_id
      JOIN channel h ON h.id = t.channel_id
      LEFT JOIN person p ON p.id = m.person_id
      LEFT JOIN person o ON o.id = t.owner_id
     WHERE m.id = ANY(:ids) AND m.id >= :low AND m.id <= :high AND {REACH} {{filters}}
     ORDER BY m.id DESC
"""  # noqa: S608 - our own words


def messages(viewer: AnyViewer, wish: Wish, after: str = "", page: int = PAGE) -> Found:
    """The newest messages that have all the words; `after` goes on behind an earlier page. ValueError: no cursor."""
    asked = _asked(wish.words)
    if not asked:
        return Found(())
    low, high = _bounds(wish, UUID(after) if after else word_search.HIGHEST)
    windows = word_search.candidates(viewer, asked, low, high, page, wish.chat_id)
    hits: list[Hit] = []
    ends = time.monotonic() + _BUDGET
    for candidates, behind in _portions(windows, page, ends):
        for hit in _checked(viewer, wish, candidates, page + 1 - len(hits)):
            if len(hits) == page:
                return Found(tuple(hits), str(hits[-1].message_id))
            hits.append(hit)
        if behind and time.monotonic() > ends:
            return Found(tuple(hits), str(behind), stopped=True)
    return Found(tuple(hits))


def filters(wish: Wish) -> tuple[str, dict[str, Any]]:
    """The conditions over an episode `t` that a wish makes, and their values."""
    given = {name: value for name in FILTERS if (value := getattr(wish, name)) not in (None, "")}
    return "".join(f" AND {FILTERS[name]}" for name in given), given


def phone_digits(words: str) -> str:
    """What somebody may have typed of a phone: E.164, its last seven or its last four digits; "" for anything else."""
    words = words.strip()
    digits = re.sub(r"\D", "", words)
    if not _PHONE.fullmatch(words):
        return ""
    if len(digits) in (4, 7):
        return digits
    return (phones.normal(words) or "") if len(digits) >= 9 else ""


def _asked(words: str) -> Tokens | None:
    """How the tokens are asked for: all of a text's words, or any of a number's two readings."""
    plain, digits = tokens.query_tokens(words), phone_digits(words)
    if digits:
        return Tokens("&&", [tokens.phone_token(digits), *(plain if len(plain) == 1 else [])])
    return Tokens("@>", plain) if plain else None


def _portions(
    windows: Iterator[tuple[list[UUID], UUID]], page: int, ends: float
) -> Iterator[tuple[list[UUID], UUID | None]]:
    """More candidates than a page holds: to open a few takes as long. Below which id one goes on; None at the end."""
    held: list[UUID] = []
    for found, behind in windows:
        held += found
        if len(held) > page or time.monotonic() > ends:
            yield held, behind
            held = []
    yield held, None


def _bounds(wish: Wish, high: UUID) -> tuple[UUID, UUID]:
    low = word_search.LOWEST
    if wish.since:
        low = _floor(day_bounds(wish.since)[0])
    if wish.until:
        high = min(high, _floor(day_bounds(wish.until)[1]))
    return low, high


def _checked(viewer: AnyViewer, wish: Wish, found: Sequence[UUID], wanted: int) -> Iterator[Hit]:
    """Those among the candidates that the viewer may see and that truly have the words: nearly all have them."""
    conditions, values = filters(replace(wish, chat_id=None))
    # By their ids, so they may be prepared as anything else.
    statement, values = text(_OPENED.format(filters=conditions)), values | reach(viewer)
    most = _OPENED_AT_ONCE if conditions else wanted
    while found:
        part, found, most = found[:most], found[most:], _OPENED_AT_ONCE
        between = {"ids": part, "low": part[-1], "high": part[0]}
        for row in db.session.execute(statement, values | between).all():
            said = masked(opened(row.text, "message.text", row.id))
            if says(said, wish.words):
                yield _hit(row, said, wish.words)


def says(said: str, words: str) -> bool:
    """Whether a text truly has what is looked for: tokens may coincide, and beginnings are only beginnings."""
    digits = phone_digits(words)
    if digits and any(phone.endswith(digits) for phone in phones.find_phones(said)):
        return True
    return tokens.matches(words, said)


def _hit(row: Any, said: str, words: str) -> Hit:
    about = {
        "name": opened(row.customer_name, "customer.name", row.customer_id),
        "channel_kind": row.channel_kind,
        "channel_name": row.channel_name,
        "owner_name": row.owner_name,
    }
    return Hit(row.id, row.chat_id, row.kind, row.at, row.who, tuple(marks.excerpt(said, words)), about)


def _floor(moment: datetime) -> UUID:
    return UUID(int=int(moment.timestamp() * 1000) << 80)
