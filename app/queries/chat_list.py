"""The lists of the desk: mine, the queue, the closed. Who waits for us longest stands first, in the queue by the score.

A list costs the same with a hundred open chats or ten thousand: fifty rows by an index, and one statement of counts.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, text

from app.base.clock import micros
from app.base.crypt import opened
from app.base.masks import masked
from app.base.text import shorten
from app.models.db import db
from app.models.viewer import Viewer
from app.queries import chat_search, settings, waits
from app.queries.visible import REACH, reach

WINDOW = 50
SORTS = ("wait", "new")
_SAID = 70
_MOST_COUNTED = 1000
_MOST_SCORE = 2**31


@dataclass(frozen=True)
class Row:
    """A chat in a list. `said` is the last word, masked and shortened; `order` is what the browser sorts by.

    `parts`: an album's last word, all `photos` or not. `snooze`: why it is set aside. `warn`, `late`: coloured after so
    many seconds. `language`, `skill_names`: what whoever takes it must have.
    """

    chat_id: int
    name: str
    channel_kind: str
    channel_name: str
    owner_id: int | None
    owner_locale: str | None
    group_id: int | None
    segment_names: dict[str, str] | None
    waits_since: datetime | None
    awaits_since: datetime | None
    closed_at: datetime | None
    outcome: str | None
    unread: int
    trouble: bool
    draft: str
    said: str
    said_by: str
    order: str
    snooze: str = ""
    snoozed_until: datetime | None = None
    parts: int = 0
    photos: bool = False
    warn: int = 0
    late: int = 0
    language: str | None = None
    skill_names: Sequence[dict[str, str]] = ()

    @property
    def tab(self) -> str:
        return "closed" if self.closed_at else "mine" if self.owner_id else "queue"


@dataclass(frozen=True)
class Counts:
    """`channels`: id and name of each, to filter the lists by. `offers`: chats that are offered to this person."""

    mine: int
    queue: int
    channels: list[tuple[int, str]]
    offers: int = 0


@dataclass(frozen=True)
class Wish:
    """What of a list is asked for: the newest first instead of who waits longest; one channel; words to find."""

    sort: str = SORTS[0]
    channel_id: int | None = None
    words: str = ""

    @property
    def plain(self) -> bool:
        """Nothing special: the list as pushes keep it."""
        return self == PLAIN


PLAIN = Wish()


# The window is chosen first, by the index; names and last words are then read for its rows only.
_OPEN = """
    WITH w AS MATERIALIZED (
      SELECT * FROM standing s WHERE {where} ORDER BY {order} LIMIT {limit}
    )
    SELECT s.chat_id, c.customer_id, k.name, h.kind AS channel_kind, h.name AS channel_name, s.owner_id,
           p.locale AS owner_locale, s.group_id, sg.names AS segment_names, s.waits_since, s.awaits_since,
           s.last_at, s.unread, s.trouble, s.score, s.snooze, s.snoozed_until, d.text AS draft, m.id AS message_id,
           m.text, m.kind AS said_by, m.person_id AS said_by_id, a.parts, a.photos, s.language,
           ARRAY(SELECT n.names FROM skill n WHERE n.id = ANY(s.skill_ids) ORDER BY n.position, n.id) AS skill_names
      FROM w s
      JOIN chat c ON c.id = s.chat_id
      JOIN customer k ON k.id = c.customer_id
      JOIN identity i ON i.id = s.identity_id
      JOIN channel h ON h.id = i.channel_id
      LEFT JOIN person p ON p.id = s.owner_id
      LEFT JOIN segment sg ON sg.id = k.segment_id
      LEFT JOIN draft d ON d.chat_id = s.chat_id AND d.person_id = s.owner_id
      LEFT JOIN LATERAL (SELECT *, shape->>'album' AS album FROM message WHERE id = s.last_id LIMIT 1) m ON true
      LEFT JOIN LATERAL (SELECT count(DISTINCT o.id) AS parts, bool_and(f.family = 'image') AS photos
                           FROM message o JOIN file f ON f.message_id = o.id
                          WHERE m.album IS NOT NULL AND o.chat_id = s.chat_id AND o.shape->>'album' = m.album
                            AND o.at BETWEEN m.at - interval '1 minute' AND m.at + interval '1 minute') a ON true
     ORDER BY {order}
"""
# A queue is long and nothing in it is set aside, so it is read by its index alone.
_LONGEST = "s.waits_since NULLS LAST, s.last_at"
_BY_SCORE = f"s.score DESC, {_LONGEST}"
_ASIDE_LAST = f"s.snooze IS NOT NULL, {_LONGEST}"
_NEWEST = "s.last_at DESC"
_OF_CHANNEL = " AND EXISTS (SELECT 1 FROM identity f WHERE f.id = s.identity_id AND f.channel_id = :channel_id)"
_WHERE = {"mine": chat_search.OWN, "queue": chat_search.TAKEABLE}
_ORDERS = {"mine": _ASIDE_LAST, "queue": _BY_SCORE}
_LISTS = {
    (tab, sort, filtered): text(
        _OPEN.format(
            where=where + _OF_CHANNEL * filtered, order=_NEWEST if sort == "new" else _ORDERS[tab], limit=WINDOW
        )
    )
    for tab, where in _WHERE.items()
    for sort in SORTS
    for filtered in (False, True)
}
_ONE = text(_OPEN.format(where="s.chat_id = :chat_id", order=_LONGEST, limit=1))
_SEVERAL = text(_OPEN.format(where="s.chat_id = ANY(:chat_ids)", order=_ASIDE_LAST, limit="ALL"))

_CLOSED = f"""
    SELECT e.chat_id, c.customer_id, k.name, h.kind AS channel_kind, h.name AS channel_name, e.owner_id, e.group_id,
           sg.names AS segment_names, e.closed_at, e.outcome
      FROM episode e
      JOIN chat c ON c.id = e.chat_id
      JOIN customer k ON k.id = c.customer_id
      JOIN identity i ON i.id = e.identity_id
      JOIN channel h ON h.id = i.channel_id
      LEFT JOIN standing s ON s.chat_id = e.chat_id
      LEFT JOIN segment sg ON sg.id = coalesce(e.segment_id, k.segment_id)
     WHERE e.owner_id = :me AND e.closed_at IS NOT NULL AND k.merged_into IS NULL
       AND (CAST(:before AS timestamptz) IS NULL OR e.closed_at < :before)
       AND s.chat_id IS NULL AND {REACH}
       AND NOT EXISTS (SELECT 1 FROM episode n WHERE n.chat_id = e.chat_id AND n.number > e.number)
       AND (CAST(:channel_id AS bigint) IS NULL OR i.channel_id = :channel_id)
     ORDER BY e.closed_at DESC LIMIT
"""  # noqa: S608 - our own words
_CLOSED_WINDOW = text(f"{_CLOSED} {WINDOW}")
_CLOSED_SEARCHED = text(f"{_CLOSED} {chat_search.MOST}")

_COUNTS = text(f"""
    SELECT (SELECT count(*) FROM standing s WHERE s.owner_id = :me) AS mine,
           (SELECT count(*) FROM (SELECT 1 FROM standing s
                                   WHERE {chat_search.TAKEABLE} LIMIT {_MOST_COUNTED}) q) AS queue,
           (SELECT count(*) FROM standing s WHERE s.offered_to = :me) AS offers,
           (SELECT jsonb_agg(jsonb_build_array(id, name) ORDER BY name, id) FROM channel) AS channels
""")  # noqa: S608 - our own words

# The order counts, not the scores: they grow while everybody waits, and mostly nobody overtakes anybody.
_DIGEST = """
    SELECT md5(coalesce(string_agg(concat_ws(' ', chat_id, waits_since, awaits_since, unread, trouble, snooze, last_at),
                                   ',' ORDER BY {order}, s.chat_id), ''))
      FROM (SELECT * FROM standing s WHERE {where} ORDER BY {order} LIMIT {limit}) s
"""
_DIGESTS = {tab: text(_DIGEST.format(where=where, order=_ORDERS[tab], limit=WINDOW)) for tab, where in _WHERE.items()}


def mine(viewer: Viewer, wish: Wish = PLAIN) -> list[Row]:
    """The viewer's open chats; those set aside stand last."""
    return _listed("mine", viewer, wish)


def queue(viewer: Viewer, wish: Wish = PLAIN) -> list[Row]:
    """Waiting chats that the viewer may take."""
    return _listed("queue", viewer, wish)


def closed(viewer: Viewer, before: datetime | None = None, wish: Wish = PLAIN) -> list[Row]:
    """Chats the viewer finished last and nobody has opened since, newest first."""
    statement = _CLOSED_SEARCHED if wish.words else _CLOSED_WINDOW
    values = {"before": before, "channel_id": wish.channel_id, **reach(viewer)}
    found = [_closed(row) for row in db.session.execute(statement, values)]
    return [row for row in found if chat_search.named(row.name, row.chat_id, wish.words)][:WINDOW]


def found(viewer: Viewer, wish: Wish) -> list[Row]:
    """Of one's own chats and the queue, those whose client's name or number has the words; in either script."""
    chat_ids = chat_search.within_reach(viewer, wish.words)[:WINDOW]
    return _open(_SEVERAL, {"chat_ids": chat_ids}) if chat_ids else []


def counts(viewer: Viewer) -> Counts:
    """How many stand in each list; the queue is counted to a thousand."""
    row = db.session.execute(_COUNTS, reach(viewer)).one()
    return Counts(row.mine, row.queue, [(channel_id, name) for channel_id, name in row.channels or ()], row.offers)


def count(viewer: Viewer, tab: str) -> str | None:
    """What the tab's badge says; None for a tab without one."""
    found = counts(viewer)
    return {"mine": str(found.mine), "queue": str(found.queue)}.get(tab)


def digest(viewer: Viewer, tab: str) -> str:
    """A few letters that differ when the list's window does; "" for a list that pushes do not change."""
    return str(db.session.scalar(_DIGESTS[tab], reach(viewer))) if tab in _DIGESTS else ""


def row(chat_id: int) -> Row | None:
    """An open chat as its list shows it; None when it is closed. For pushes: asks on nobody's behalf."""
    found = _open(_ONE, {"chat_id": chat_id})
    return found[0] if found else None


def rows(chat_ids: Collection[int]) -> list[Row]:
    """The open ones among these chats; see `row`."""
    return _open(_SEVERAL, {"chat_ids": list(chat_ids)})


def _listed(tab: str, viewer: Viewer, wish: Wish) -> list[Row]:
    if wish.words:
        return found(viewer, wish)
    statement = _LISTS[tab, wish.sort, wish.channel_id is not None]
    return _open(statement, {"channel_id": wish.channel_id, **reach(viewer)})


def _open(statement: TextClause, values: dict[str, Any]) -> list[Row]:
    found = db.session.execute(statement, values).all()
    warn, late = settings.value(waits.WARN), settings.value(waits.LATE)
    return [_standing(row, warn, late) for row in found]


def _standing(row: Any, warn: int, late: int) -> Row:
    said_by = "owner" if row.said_by == "mine" and row.said_by_id == row.owner_id else row.said_by or ""
    return Row(
        chat_id=row.chat_id,
        name=opened(row.name, "customer.name", row.customer_id),
        channel_kind=row.channel_kind,
        channel_name=row.channel_name,
        owner_id=row.owner_id,
        owner_locale=row.owner_locale,
        group_id=row.group_id,
        segment_names=row.segment_names,
        waits_since=row.waits_since,
        awaits_since=row.awaits_since,
        closed_at=None,
        outcome=None,
        unread=row.unread,
        trouble=row.trouble,
        draft=_short(opened(row.draft, "draft.text", f"{row.chat_id}:{row.owner_id}")),
        said=_short(opened(row.text, "message.text", row.message_id)),
        said_by=said_by,
        order=_order(row),
        snooze=row.snooze or "",
        snoozed_until=row.snoozed_until,
        parts=row.parts,
        photos=bool(row.photos),
        warn=warn,
        late=late,
        language=row.language,
        skill_names=row.skill_names,
    )


def _closed(row: Any) -> Row:
    return Row(
        chat_id=row.chat_id,
        name=opened(row.name, "customer.name", row.customer_id),
        channel_kind=row.channel_kind, channel_name=row.channel_name,
        owner_id=row.owner_id, owner_locale=None, group_id=row.group_id, segment_names=row.segment_names,
        waits_since=None, awaits_since=None, closed_at=row.closed_at, outcome=row.outcome,
        unread=0, trouble=False, draft="", said="", said_by="",
        order=f"{10**17 - micros(row.closed_at):017d}",
    )  # fmt: skip


def _order(row: Any) -> str:
    """Sorts as the statement does: in the queue by the score; then whoever waits for us, the longest first; whom we
    wait for; what is set aside."""
    rank = 2 if row.snooze else int(row.waits_since is None)
    ahead = "" if row.owner_id else f"{_MOST_SCORE - row.score:010d}"
    return f"{ahead}{rank}{int(row.waits_since is None)}{micros(row.waits_since or row.last_at):016d}{row.chat_id}"


def _short(said: str) -> str:
    # A long text is cut before it is masked: what is far behind the window cannot be shown anyway.
    return shorten(masked(said[: 4 * _SAID]), _SAID) if said else ""
