"""Find what was said: by words in either script, phones, and where and when it was; only what the viewer may see.

The texts are sealed, so the database knows only keyed tokens (house.md, "Sealed at rest, still searchable"). The
newest month is asked first; candidates are opened and checked until a page is full. A search that would take longer
than its time stops where it stands and goes on from there when asked to.
"""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.base import ids, marks, phones, tokens
from app.base.clock import day_bounds
from app.base.masks import masked
from app.models.viewer import AnyViewer
from app.queries import fresh
from app.queries.visible import REACH, opened, reach

PAGE = 20
# Candidates looked at together, at first and then; seconds after which a search stops for a breath.
_WINDOWS = (3 * PAGE, 500)
_BUDGET = 0.5
_PHONE = re.compile(r"\+?[\d() -]{4,24}")
_LOWEST, _HIGHEST = UUID(int=0), UUID(int=2**128 - 1)


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

_CANDIDATES = """
    SELECT message_id FROM message_words
     WHERE words {has} CAST(:words AS int[]) AND message_id > :low AND message_id < :high {of_chat}
     ORDER BY message_id DESC LIMIT :most
"""
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
_ENDS = """
    SELECT (SELECT message_id FROM message_words ORDER BY message_id LIMIT 1) AS oldest,
           (SELECT message_id FROM message_words ORDER BY message_id DESC LIMIT 1) AS newest
"""


def messages(viewer: AnyViewer, wish: Wish, after: str = "", page: int = PAGE) -> Found:
    """The newest messages that have all the words; `after` goes on behind an earlier page. ValueError: no cursor."""
    asked = _asked(wish.words)
    if not asked:
        return Found(())
    hits: list[Hit] = []
    ends = time.monotonic() + _BUDGET
    for candidates, behind in _candidates(wish, asked, UUID(after) if after else _HIGHEST):
        for hit in _checked(viewer, wish, candidates):
            if len(hits) == page:
                return Found(tuple(hits), str(hits[-1].message_id))
            hits.append(hit)
        if time.monotonic() > ends:
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


def _asked(words: str) -> tuple[str, list[int]] | None:
    """How the tokens are asked for: all of a text's words, or any of a number's two readings."""
    plain, digits = tokens.query_tokens(words), phone_digits(words)
    if digits:
        return "&&", [tokens.phone_token(digits), *(plain if len(plain) == 1 else [])]
    return ("@>", plain) if plain else None


def _candidates(wish: Wish, asked: tuple[str, list[int]], high: UUID) -> Iterator[tuple[list[UUID], UUID]]:
    """Ids of messages with these tokens, newest first, a window at a time; and where one goes on."""
    statement = _CANDIDATES.format(has=asked[0], of_chat="AND chat_id = :chat_id" if wish.chat_id else "")
    low, high = _bounds(wish, high)
    window = _WINDOWS[0]
    for floor in _spans(low, high):
        while True:
            values = {"words": asked[1], "low": max(low, floor), "high": high, "most": window, "chat_id": wish.chat_id}
            found = [row.message_id for row in fresh.rows(statement, values)]
            if len(found) < window:
                yield found, floor
                break
            yield found, found[-1]
            high, window = found[-1], _WINDOWS[1]
        high = floor


def _bounds(wish: Wish, high: UUID) -> tuple[UUID, UUID]:
    low = _LOWEST
    if wish.since:
        low = _floor(day_bounds(wish.since)[0])
    if wish.until:
        high = min(high, _floor(day_bounds(wish.until)[1]))
    return low, high


def _spans(low: UUID, high: UUID) -> Iterator[UUID]:
    """Floors of whole months, newest first: of one month, then of the two before it, four, eight…

    Whatever is common stands in the newest; for what is rare a few statements go through years.
    """
    ends = fresh.rows(_ENDS, {})[0]
    if ends.oldest is None:
        return
    low = max(low, UUID(int=ends.oldest.int - 1))
    top, months = min(high, ends.newest), 1
    while top > low:
        number = _moment(top).year * 12 + _moment(top).month - months
        floor = ids.month_floor(number // 12, number % 12 + 1)
        yield max(floor, low)
        top, months = _floor(_moment(floor) - timedelta(seconds=1)), months * 2


def _checked(viewer: AnyViewer, wish: Wish, found: Sequence[UUID]) -> Iterator[Hit]:
    """Those among the candidates that the viewer may see and that truly have the words."""
    if not found:
        return
    conditions, values = filters(replace(wish, chat_id=None))
    statement = _OPENED.format(filters=conditions)
    values |= {"ids": list(found), "low": found[-1], "high": found[0], **reach(viewer)}
    for row in fresh.rows(statement, values):
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


def _moment(id: UUID) -> datetime:
    return datetime.fromtimestamp((id.int >> 80) / 1000, UTC)


def _floor(moment: datetime) -> UUID:
    return UUID(int=int(moment.timestamp() * 1000) << 80)
