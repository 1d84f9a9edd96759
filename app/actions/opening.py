"""Whose word it is: the identity, its customer and chat, and the open episode; made when they are not there yet."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import text

from app.actions.record import record
from app.base import crypt
from app.base.locale import read_tag
from app.base.text import clean
from app.channels.contract import Incoming, Sender
from app.live import push
from app.models.chat import Verb
from app.models.customer import LanguageSource
from app.models.db import Transaction, db

_NAME = 200


class Received(Protocol):
    @property
    def channel_id(self) -> int: ...
    @property
    def received_at(self) -> datetime: ...


@dataclass(frozen=True)
class Home:
    """Where a client's word belongs. `episode_id` is None while nothing is open; `taken`: it went to its operator.

    `language`, and `language_source` (a LanguageSource), are what is known of the client before this word.
    `blocked_us_at`: since when nothing has reached him here.
    """

    customer_id: int
    identity_id: int
    chat_id: int
    episode_id: int | None
    answered_at: datetime | None = None
    language: str | None = None
    language_source: str | None = None
    blocked_us_at: datetime | None = None
    is_new: bool = False
    taken: bool = False


# The chat's row is locked before anything of it is read, in a statement of its own: see queries/standing.
# Whoever was merged is followed to the one he was merged into.
_LOCK = text("""
    SELECT c.id FROM identity i JOIN customer k ON k.id = i.customer_id
      JOIN chat c ON c.customer_id = coalesce(k.merged_into, k.id)
     WHERE i.channel_id = :channel_id AND i.external_id = :external_id FOR UPDATE OF c
""")
# Of unmerged clients the row that is at hand is read, no other.
_SPEAKS = """CASE WHEN k.merged_into IS NULL THEN k.language ELSE o.language END AS language,
           CASE WHEN k.merged_into IS NULL THEN k.language_source ELSE o.language_source END AS language_source,
           i.blocked_us_at"""
_HOME = text(f"""
    SELECT c.customer_id, i.id AS identity_id, c.id AS chat_id, s.episode_id, s.awaits_since AS answered_at, {_SPEAKS}
      FROM identity i JOIN customer k ON k.id = i.customer_id LEFT JOIN customer o ON o.id = k.merged_into
      JOIN chat c ON c.customer_id = coalesce(k.merged_into, k.id) LEFT JOIN standing s ON s.chat_id = c.id
     WHERE i.channel_id = :channel_id AND i.external_id = :external_id
""")  # noqa: S608 - columns of ours
# In the order of their ids, so that two who lock many at once never wait for each other.
_LOCK_ALL = text("""
    SELECT c.id FROM unnest(CAST(:channels AS bigint[]), CAST(:senders AS text[])) AS w (channel_id, external_id)
      JOIN identity i USING (channel_id, external_id) JOIN customer k ON k.id = i.customer_id
      JOIN chat c ON c.customer_id = coalesce(k.merged_into, k.id)
     ORDER BY c.id FOR UPDATE OF c
""")
_HOMES = text(f"""
    SELECT i.channel_id, i.external_id, c.customer_id, i.id, c.id, s.episode_id, s.awaits_since, {_SPEAKS}
      FROM unnest(CAST(:channels AS bigint[]), CAST(:senders AS text[])) AS w (channel_id, external_id)
      JOIN identity i USING (channel_id, external_id) JOIN customer k ON k.id = i.customer_id
      LEFT JOIN customer o ON o.id = k.merged_into
      JOIN chat c ON c.customer_id = coalesce(k.merged_into, k.id)
      LEFT JOIN standing s ON s.chat_id = c.id
""")  # noqa: S608 - columns of ours
_CUSTOMER = text("""
    INSERT INTO customer (language, language_source, created_at)
    VALUES (:language, :source, :now) RETURNING id
""")
_NAME_CUSTOMER = text("UPDATE customer SET name = :name WHERE id = :id")
_IDENTITY = text("""
    INSERT INTO identity (customer_id, channel_id, external_id, lane, language_hint, created_at)
    VALUES (:customer_id, :channel_id, :external_id, :lane, :hint, :now) RETURNING id
""")
_UNREACHABLE = text("""
    UPDATE identity SET blocked_us_at = :at WHERE id = :id AND blocked_us_at IS NULL RETURNING 1
""")
_KNOWN = text("SELECT 1 FROM identity WHERE channel_id = :channel_id AND external_id = :external_id")
_IN_LANE = text("SELECT id FROM identity WHERE channel_id = :channel_id AND lane = :lane ORDER BY id")
_NAME_IDENTITY = text("UPDATE identity SET name = :name, username = :username WHERE id = :id")
_CHAT = text("INSERT INTO chat (customer_id, created_at) VALUES (:customer_id, :now) RETURNING id")

_EPISODE = text("""
    INSERT INTO episode (chat_id, number, direction, type, channel_id, identity_id, arrived_at, queued_at, language,
                         segment_id)
    SELECT :chat_id, coalesce(max(e.number), 0) + 1, 'in', 'new', :channel_id, :identity_id, :at, :at, max(c.language),
           max(c.segment_id)
      FROM customer c LEFT JOIN episode e ON e.chat_id = :chat_id WHERE c.id = :customer_id RETURNING id
""")
_STANDING = text("""
    INSERT INTO standing (chat_id, episode_id, stage, identity_id, waits_since, last_at)
    VALUES (:chat_id, :episode_id, 'queue', :identity_id, :at, :at)
""")


def home_of(channel_id: int, incoming: Incoming, now: datetime) -> Home:
    """Find the sender's chat and lock it, or make customer, identity and chat."""
    sender = sender_of(incoming)
    whose = {"channel_id": channel_id, "external_id": sender.external_id}
    locked, row = db.session.scalar(_LOCK, whose), db.session.execute(_HOME, whose).one_or_none()
    while row is not None and row.chat_id != locked:  # merged, or taken apart, while we waited for the lock
        locked, row = db.session.scalar(_LOCK, whose), db.session.execute(_HOME, whose).one_or_none()
    if row is not None:
        return Home(*row)
    language = read_tag(sender.language_hint)
    source = (LanguageSource.CHOSEN if sender.chose_language else LanguageSource.HINT) if language else None
    customer_id = _scalar(_CUSTOMER, language=language, source=source, now=now)
    identity_id = _scalar(
        _IDENTITY, **whose, customer_id=customer_id, lane=incoming.lane, hint=sender.language_hint, now=now
    )
    _keep_names(customer_id, identity_id, sender)
    chat_id = _scalar(_CHAT, customer_id=customer_id, now=now)
    return Home(customer_id, identity_id, chat_id, None, None, language, source, is_new=True)


def is_known(channel_id: int, incoming: Incoming) -> bool:
    """Whether the sender is somebody's identity already."""
    whose = {"channel_id": channel_id, "external_id": sender_of(incoming).external_id}
    return db.session.scalar(_KNOWN, whose) is not None


def sender_of(incoming: Incoming) -> Sender:
    """Who writes; what names nobody is from whoever has this lane."""
    return incoming.sender or Sender(incoming.lane)


def homes_of(senders: Collection[tuple[int, str]]) -> dict[tuple[int, str], Home]:
    """The chats of those already known, by (channel, external id), all locked."""
    whose = {"channels": [channel_id for channel_id, _ in senders], "senders": [sender for _, sender in senders]}
    while True:
        locked = set(db.session.scalars(_LOCK_ALL, whose))
        homes = {(row[0], row[1]): Home(*row[2:]) for row in db.session.execute(_HOMES, whose)}
        if all(home.chat_id in locked for home in homes.values()):
            return homes


def opened(home: Home, row: Received, tx: Transaction, at: datetime) -> Home:
    """The home with an open episode; a new one goes to the queue. `at` is where the client's word will stand."""
    if home.episode_id is not None:
        return home
    values = {"chat_id": home.chat_id, "identity_id": home.identity_id, "at": row.received_at}
    episode_id = _scalar(_EPISODE, **values, channel_id=row.channel_id, customer_id=home.customer_id)
    db.session.execute(_STANDING, {**values, "episode_id": episode_id})
    record(tx, home.chat_id, episode_id, Verb.OPENED, None, at - timedelta(microseconds=1))
    tx.after(push.chat_moved, home.chat_id, None)
    return replace(home, episode_id=episode_id)


def mark_reachable(identity_id: int, blocked_us_at: datetime | None) -> None:
    mark = text("UPDATE identity SET blocked_us_at = :at WHERE id = :id")
    db.session.execute(mark, {"at": blocked_us_at, "id": identity_id})


def mark_unreachable(identity_id: int, now: datetime) -> bool:
    """The provider says that nothing reaches him any more; whether that is new."""
    return db.session.execute(_UNREACHABLE, {"id": identity_id, "at": now}).one_or_none() is not None


def move_lane_of(channel_id: int, lane: str, new_lane: str) -> None:
    """The same for whoever is found in this lane; a group that never was a client is nobody."""
    for identity_id in db.session.scalars(_IN_LANE, {"channel_id": channel_id, "lane": lane}).all():
        move_lane(identity_id, new_lane)


def move_lane(identity_id: int, lane: str) -> None:
    """The provider gave the conversation another id: what waits to be sent goes there too."""
    for table, where in (("identity", "id"), ("outbox", "identity_id")):
        unsent = " AND state = 'queued'" if table == "outbox" else ""
        move = text(f"UPDATE {table} SET lane = :lane WHERE {where} = :id{unsent}")  # noqa: S608 - names of ours
        db.session.execute(move, {"lane": lane, "id": identity_id})


def _keep_names(customer_id: int, identity_id: int, sender: Sender) -> None:
    name, username = clean(sender.name, _NAME), clean(sender.username, _NAME)
    sealed = crypt.seal(name, at=("customer.name", customer_id))
    db.session.execute(_NAME_CUSTOMER, {"name": sealed, "id": customer_id})
    values = {
        "name": crypt.seal(name, at=("identity.name", identity_id)),
        "username": crypt.seal(username, at=("identity.username", identity_id)),
    }
    db.session.execute(_NAME_IDENTITY, {**values, "id": identity_id})


def _scalar(statement: Any, **values: Any) -> int:
    return int(db.session.execute(statement, values).scalar_one())
