"""The client's card: who it is, where one writes from, what colleagues noted, what it was about before (clause 8.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.base.crypt import opened
from app.base.masks import masked
from app.models.customer import EDIT, MERGE, SEGMENT, LanguageSource, SegmentSource
from app.models.db import db
from app.models.viewer import AnyViewer
from app.queries import customers, fields
from app.queries.fields import Whose
from app.queries.visible import ChatView

_SHOWN = 10


@dataclass(frozen=True)
class Identity:
    """A place the client writes from, with the channel's own name of him.

    `reachable` is False once the client has blocked us there; `address`: as the viewer may see it, "" when unknown.
    """

    channel_kind: str
    channel_name: str
    name: str
    username: str
    reachable: bool
    wrote_at: datetime | None
    address: str


@dataclass(frozen=True)
class Phone:
    """`shown` is whole or masked, as the viewer may see it. `proven`: the channel vouches that it is his own."""

    id: int
    shown: str
    proven: bool


@dataclass(frozen=True)
class Note:
    """What a colleague wrote; `text` is masked, `whole` is for its author alone, to be changed."""

    id: int
    text: str
    whole: str
    hidden: bool
    who: str
    at: datetime
    edited: bool
    own: bool


@dataclass(frozen=True)
class Tag:
    id: int
    names: dict[str, str]


@dataclass(frozen=True)
class Merge:
    """A client who turned out to be the same person. `how`: hand, phone, proof, link."""

    id: int
    number: int
    name: str
    how: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Change:
    """What stood in a field before somebody changed it; of a segment `names`."""

    field: str
    old: str
    names: dict[str, str] | None
    at: datetime
    who: str


@dataclass(frozen=True)
class Past:
    """A finished episode. `chat_id` differs from the card's where it was of a client merged into this one."""

    chat_id: int
    number: int
    topics: list[dict[str, str]]
    closed_at: datetime
    channel_name: str
    owner_name: str | None
    outcome: str | None
    mark: int | None


@dataclass(frozen=True)
class Card:
    """`episodes` counts all finished ones, `past` holds the newest ten. `version` grows with every change."""

    version: int
    vip: bool
    language: str | None
    language_source: Any
    segment_id: int | None
    segment_names: dict[str, str] | None
    segment_source: Any
    segment_at: datetime | None
    segment_by: str
    identities: tuple[Identity, ...]
    phones: tuple[Phone, ...]
    notes: tuple[Note, ...]
    tags: tuple[Tag, ...]
    merges: tuple[Merge, ...]
    changes: tuple[Change, ...]
    past: tuple[Past, ...]
    episodes: int
    topics: tuple[dict[str, str], ...]
    may_edit: bool
    may_segment: bool
    may_merge: bool


_WHOM = text("""
    SELECT k.version, k.vip, k.language, k.language_source, k.segment_id, sg.names AS segment_names, k.segment_source,
           k.segment_at, p.name AS segment_by,
           ARRAY(SELECT m.id FROM customer m WHERE m.id = :id OR m.merged_into = :id) AS members
      FROM customer k LEFT JOIN segment sg ON sg.id = k.segment_id LEFT JOIN person p ON p.id = k.segment_by
     WHERE k.id = :id
""")
_IDENTITIES = text("""
    SELECT i.id, h.kind, h.name AS channel_name, i.name, i.username, i.blocked_us_at IS NULL AS reachable, i.address,
           (SELECT m.at FROM message m WHERE m.chat_id = :chat_id AND m.identity_id = i.id AND m.kind = 'client'
             ORDER BY m.at DESC LIMIT 1) AS wrote_at
      FROM identity i JOIN channel h ON h.id = i.channel_id WHERE i.customer_id = ANY(:members) ORDER BY i.id LIMIT 20
""")
_PHONES = text("""
    SELECT id, phone, proven_at FROM customer_phone
     WHERE customer_id = ANY(:members) AND removed_at IS NULL ORDER BY proven_at IS NULL, id LIMIT 20
""")
_NOTES = text("""
    SELECT n.id, n.text, p.name AS who, n.at, n.edited_at, n.by_id FROM customer_note n JOIN person p ON p.id = n.by_id
     WHERE n.customer_id = ANY(:members) AND n.deleted_at IS NULL ORDER BY n.at DESC, n.id DESC LIMIT 50
""")
_TAGS = text("""
    SELECT DISTINCT t.id, t.names, t.position FROM customer_tag c JOIN tag t ON t.id = c.tag_id
     WHERE c.customer_id = ANY(:members) ORDER BY t.position, t.id
""")
_MERGES = text("""
    SELECT m.id, c.id AS number, k.id AS customer_id, k.name, m.how, m.began_at, p.name AS by
      FROM customer_merge m JOIN customer k ON k.id = m.customer_id JOIN chat c ON c.customer_id = k.id
      LEFT JOIN person p ON p.id = m.by_id
     WHERE m.customer_id = ANY(:members) AND m.ended_at IS NULL ORDER BY m.id
""")
_CHANGES = text(f"""
    SELECT x.id, x.field, x.old, x.at, p.name AS who FROM customer_change x LEFT JOIN person p ON p.id = x.by_id
     WHERE x.customer_id = :id AND x.field IN ('name', 'language', 'segment') ORDER BY x.id DESC LIMIT {_SHOWN}
""")  # noqa: S608 - a number of ours
_PAST = text(f"""
    SELECT e.id, e.chat_id, e.number, e.closed_at, h.name AS channel_name, p.name AS owner_name, e.outcome,
           (SELECT coalesce(jsonb_agg(t.names ORDER BY t.position), '[]')
              FROM episode_topic et JOIN topic t ON t.id = et.topic_id WHERE et.episode_id = e.id) AS topics,
           (SELECT r.mark FROM rating r WHERE r.chat_id = e.chat_id AND r.episode_id = e.id AND r.mark IS NOT NULL
               AND r.excluded_at IS NULL ORDER BY r.asked_at DESC LIMIT 1) AS mark,
           count(e.closed_at) OVER () AS episodes
      FROM episode e JOIN channel h ON h.id = e.channel_id LEFT JOIN person p ON p.id = e.owner_id
     WHERE e.chat_id IN (SELECT id FROM chat WHERE customer_id = ANY(:members))
     ORDER BY e.arrived_at DESC, e.id DESC LIMIT {_SHOWN + 1}
""")  # noqa: S608 - a number of ours


def card(chat: ChatView, viewer: AnyViewer) -> Card:
    """A few statements by index; for a chat that `visible.chat` gave."""
    whom = db.session.execute(_WHOM, {"id": chat.customer_id}).one()
    values = {"id": chat.customer_id, "chat_id": chat.id, "members": list(whom.members)}
    whose = Whose(chat.owner_id, [chat.group_id] if chat.group_id else ())
    past = db.session.execute(_PAST, values).all()
    return Card(
        version=whom.version,
        vip=whom.vip,
        language=chat.language,
        language_source=_word(customers.LANGUAGE_SOURCES, LanguageSource, whom.language_source),
        segment_id=whom.segment_id,
        segment_names=whom.segment_names,
        segment_source=_word(customers.SEGMENT_SOURCES, SegmentSource, whom.segment_source),
        segment_at=whom.segment_at,
        segment_by=whom.segment_by or "",
        identities=tuple(_identity(row, viewer, whose) for row in db.session.execute(_IDENTITIES, values)),
        phones=tuple(_phone(row, viewer, whose) for row in db.session.execute(_PHONES, values)),
        notes=tuple(_note(row, viewer) for row in db.session.execute(_NOTES, values)),
        tags=tuple(Tag(row.id, row.names) for row in db.session.execute(_TAGS, values)),
        merges=_merges(values),
        changes=_changes(values),
        past=tuple(_past(row) for row in past if row.closed_at is not None)[:_SHOWN],
        episodes=past[0].episodes if past else 0,
        topics=tuple(topic for row in past if row.id == chat.episode_id for topic in row.topics),
        may_edit=customers.may(viewer, EDIT, chat),
        may_segment=customers.may(viewer, SEGMENT, chat),
        may_merge=customers.may(viewer, MERGE, chat),
    )


def segments() -> Sequence[Any]:
    """Segments to choose from."""
    return db.session.execute(
        text("SELECT id, names FROM segment WHERE archived_at IS NULL ORDER BY position, id")
    ).all()


def tags() -> Sequence[Any]:
    """Tags to choose from."""
    return db.session.execute(text("SELECT id, names FROM tag WHERE archived_at IS NULL ORDER BY position, id")).all()


def _word(words: Any, source: Any, code: str | None) -> Any:
    return words[source(code)] if code else ""


def _merges(values: dict[str, Any]) -> tuple[Merge, ...]:
    if len(values["members"]) < 2:
        return ()
    return tuple(_merge(row) for row in db.session.execute(_MERGES, values))


def _identity(row: Any, viewer: AnyViewer, whose: Whose) -> Identity:
    address = fields.shown(viewer, "address", opened(row.address, "identity.address", row.id), whose)
    name, username = opened(row.name, "identity.name", row.id), opened(row.username, "identity.username", row.id)
    return Identity(row.kind, row.channel_name, name, username, row.reachable, row.wrote_at, address)


def _phone(row: Any, viewer: AnyViewer, whose: Whose) -> Phone:
    e164 = opened(row.phone, "customer_phone.phone", row.id)
    return Phone(row.id, fields.shown(viewer, "phone", e164, whose), row.proven_at is not None)


def _note(row: Any, viewer: AnyViewer) -> Note:
    said = opened(row.text, "customer_note.text", row.id)
    own, shown = row.by_id == viewer.person_id, masked(said)
    return Note(row.id, shown, said if own else "", shown != said, row.who, row.at, row.edited_at is not None, own)


def _merge(row: Any) -> Merge:
    return Merge(
        row.id, row.number, opened(row.name, "customer.name", row.customer_id), row.how, row.began_at, row.by or ""
    )


def _changes(values: dict[str, Any]) -> tuple[Change, ...]:
    rows = db.session.execute(_CHANGES, values).all()
    names: dict[str, Any] = {}
    if any(row.field == "segment" for row in rows):
        names = {str(row.id): row.names for row in db.session.execute(text("SELECT id, names FROM segment"))}
    return tuple(_change(row, names) for row in rows)


def _change(row: Any, segments: dict[str, Any]) -> Change:
    old = opened(row.old, "customer_change.old", row.id)
    return Change(row.field, old, segments.get(old) if row.field == "segment" else None, row.at, row.who or "")


def _past(row: Any) -> Past:
    return Past(
        row.chat_id, row.number, row.topics, row.closed_at, row.channel_name, row.owner_name, row.outcome, row.mark
    )
