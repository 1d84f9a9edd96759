"""Candidates of a search: ids of messages that have its tokens, newest month first (docs/decisions/search.md).

How rare a word is decides how it is looked up: a common one backwards from the newest message, a rare one by the index
of words. It is counted in the newest messages, since PostgreSQL's statistics hold the common words only and take others
for less rare than they are. Whoever sees few chats is searched in these: looked up by both indexes, or, when there are
fewer rows with the word than chats, by the index of words alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.base import ids
from app.models.chat import READ
from app.models.permission import Scope
from app.models.viewer import AnyViewer
from app.queries import fresh
from app.queries.visible import REACH, reach

LOWEST, HIGHEST = UUID(int=0), UUID(int=2**128 - 1)
_MILLISECOND = timedelta(milliseconds=1)
# Candidates looked at together: a few more than a page at first, then more each time.
_SPARE, _WINDOW, _LARGEST = 4, 200, 4000
# So few chats are asked for before anything else; whoever sees more than the others has a page before so many
# candidates were looked at that it counts.
_FEW, _FEW_CHATS, _FEW_FOR_RARE = 200, 2000, 5000
# A word is common when so many of the newest messages have it; when it is looked for in few chats, twice as many.
_NEWEST, _OFTEN = 2000, 24
# A few chats looked up in each month take no longer than the rows with the word: so many for each of the newest that
# has it, or so many in all.
_CHATS_FOR_ONE, _CHATS_FOR_NONE = 100, 20


@dataclass(frozen=True)
class Tokens:
    """What is asked of a message's words: `has` is @> for all of them, && for any."""

    has: str
    words: list[int]


@dataclass(frozen=True)
class Chats:
    """So many, and their ids as PostgreSQL writes an array."""

    count: int
    ids: str


_ANYWHERE = """
    SELECT message_id, chat_id, true AS seen FROM message_words
     WHERE words {has} CAST(:words AS int[]) AND message_id > :low AND message_id < :high
     ORDER BY message_id DESC LIMIT :most
"""
_IN_CHATS = _ANYWHERE.replace(" ORDER", " AND chat_id = ANY(CAST(:chats AS bigint[])) ORDER")
# OFFSET keeps the planner from walking backwards through a month in the hope of a few words soon.
_RARE = """
    SELECT message_id, chat_id, true AS seen FROM (
      SELECT message_id, chat_id FROM message_words
       WHERE words {has} CAST(:words AS int[]) AND message_id > :low AND message_id < :high OFFSET 0) r
     ORDER BY message_id DESC LIMIT :most
"""
# Chat by chat, an index of chats would take longer than all the rows with a rare word, and a list of a thousand chats
# longer to plan: so they are a table to look into.
_RARE_IN_CHATS = _RARE.replace(" ORDER", " WHERE chat_id IN (SELECT unnest(CAST(:chats AS bigint[]))) ORDER")
# Asked of each candidate by itself, in their order: joined, the planner would rather look at every chat first.
_SEEN = f"""
    SELECT w.message_id, (
             SELECT {REACH} FROM episode e LEFT JOIN standing s ON s.chat_id = e.chat_id
              WHERE e.chat_id = w.chat_id ORDER BY e.number DESC LIMIT 1) AS seen
      FROM ({{candidates}}) w ORDER BY w.message_id DESC
"""  # noqa: S608 - our own words
# More than REACH lets through, never less: whoever had an earlier part of a chat is asked again when it is opened.
_REACHED = """
    SELECT count(*) AS count, CAST(array_agg(chat_id) AS text) AS chats FROM (
      SELECT chat_id FROM standing
       WHERE owner_id = :me OR group_id = ANY(:read_groups)
          OR (stage = 'queue' AND :takes AND (:take_all OR group_id IS NULL OR group_id = ANY(:take_groups)))
      UNION ALL SELECT chat_id FROM episode WHERE owner_id = :me AND closed_at IS NOT NULL
      UNION ALL SELECT chat_id FROM episode WHERE group_id = ANY(:read_groups) AND closed_at IS NOT NULL
      LIMIT :most) r
"""
_COUNTED = f"""
    SELECT (array_agg(message_id ORDER BY message_id DESC))[1] AS newest,
           count(*) FILTER (WHERE words {{has}} CAST(:words AS int[])) AS having
      FROM (SELECT message_id, words FROM message_words WHERE message_id < :high
             ORDER BY message_id DESC LIMIT {_NEWEST}) n
"""  # noqa: S608 - our own words
_OLDEST = "SELECT message_id FROM message_words ORDER BY message_id LIMIT 1"


def candidates(
    viewer: AnyViewer, asked: Tokens, low: UUID, high: UUID, page: int, chat_id: int | None = None
) -> Iterator[tuple[list[UUID], UUID]]:
    """Ids between both that the viewer may see, a window at a time; and below which id one goes on."""
    few = Chats(1, f"{{{chat_id}}}") if chat_id else _few(viewer)
    if few and not few.count:
        return
    values = {"words": asked.words, "high": high, **reach(viewer)}
    counted = fresh.rows(_COUNTED.format(has=asked.has), values)[0]
    if counted.newest is None:
        return
    statement = _ANYWHERE if counted.having >= _OFTEN else _RARE
    narrowed = few is not None or viewer.scope(READ) is Scope.ALL
    if few:
        both = few.count <= max(_CHATS_FOR_NONE, _CHATS_FOR_ONE * counted.having)
        statement, values["chats"] = _IN_CHATS if both else _RARE_IN_CHATS, few.ids
    elif not narrowed:
        statement = _SEEN.format(candidates=statement)
    size, looked = page + _SPARE, 0
    for floor, top in _spans(low, UUID(int=counted.newest.int + 1)):
        while top > floor:
            between = {"low": floor, "high": top, "most": size}
            found = fresh.rows(statement.format(has=asked.has), values | between)
            full, looked = len(found) == size, looked + len(found)
            top = found[-1].message_id if full else floor
            yield [row.message_id for row in found if row.seen], top
            # A common word, of which little may be the viewer's.
            if not narrowed and (full or looked > _WINDOW):
                common = counted.having >= 2 * _OFTEN
                narrowed, chats = True, _reached(viewer, _FEW_CHATS if common else _FEW_FOR_RARE)
                if chats:
                    statement, values["chats"] = _IN_CHATS if common else _RARE_IN_CHATS, chats.ids
            size = min(_LARGEST, max(_WINDOW, size * 2))


def _few(viewer: AnyViewer) -> Chats | None:
    return None if viewer.scope(READ) is Scope.ALL else _reached(viewer, _FEW)


def _reached(viewer: AnyViewer, most: int) -> Chats | None:
    """The chats of a viewer who sees few; None for one who sees more."""
    found = fresh.rows(_REACHED, {**reach(viewer), "most": most + 1})[0]
    return None if found.count > most else Chats(found.count, found.chats or "{}")


def _spans(low: UUID, high: UUID) -> Iterator[tuple[UUID, UUID]]:
    """Bounds of whole months, newest first: of one month, then of the two before it, four, eight…

    Whatever is common stands in the newest; for what is rare a few statements go through years.
    """
    top, months = high, 1
    while top > low:
        last = _moment(top) - _MILLISECOND
        number = last.year * 12 + last.month - months
        floor = max(low, ids.month_floor(number // 12, number % 12 + 1))
        yield floor, top
        if months == 1:
            low = max(low, UUID(int=fresh.rows(_OLDEST, {})[0].message_id.int - 1))
        top, months = floor, months * 2


def _moment(id: UUID) -> datetime:
    return datetime.fromtimestamp((id.int >> 80) / 1000, UTC)
