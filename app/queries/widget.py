"""What a visitor of the bank's site may see: the door, oneself, one's own dialogue and nobody else's."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from app.base import crypt, jwt
from app.models.channel import Channel
from app.models.db import db
from app.models.webchat import WebChat
from app.queries import endings


@dataclass(frozen=True)
class Door:
    """A switched-on chat of a site."""

    channel_id: int
    key: str
    name: str
    origins: tuple[str, ...]
    proof: str
    titles: Mapping[str, str]
    greetings: Mapping[str, str]
    notices: Mapping[str, str]
    notice_url: str
    proof_key: str = field(repr=False)
    bot_id: int | None = None

    def who(self, proof: str, now: datetime) -> dict[str, Any]:
        """Whom the bank's site has signed in. Raises jwt.NotProved."""
        return jwt.claims(proof, algorithm=self.proof, key=self.proof_key, audience=self.key, now=now)


@dataclass(frozen=True)
class Visitor:
    """A browser known by its token. `signed`: the bank's site has said who it is."""

    token_hash: bytes
    channel_id: int
    external_id: str
    signed: bool
    locale: str
    name: str = ""
    subject: str = ""
    segment: str = ""


@dataclass(frozen=True)
class Home:
    """The visitor's dialogue; there is none before the first word."""

    identity_id: int
    chat_id: int
    rev: int


@dataclass(frozen=True)
class Here:
    """All that an answer tells beside the words. `address`: where he wrote from, sealed, and since when."""

    home: Home
    state: "State"
    address: bytes | None
    address_at: datetime | None


@dataclass(frozen=True)
class State:
    """How the dialogue stands. `ahead`: how many come first, None when it is not in the queue.

    `over`: it is finished; until `goes_on_until` the client may continue it without a word.
    """

    open: bool = False
    operator: str = ""
    ahead: int | None = None
    unread: int = 0
    over: bool = False
    goes_on_until: datetime | None = None


_FRESH_SECONDS = 2.0
_doors: dict[str, tuple[Door, float]] = {}

_VISITOR = text("""
    SELECT token_hash, channel_id, external_id, proof_hash IS NOT NULL AS signed, locale, about FROM widget_token
     WHERE token_hash = :hash AND channel_id = :channel_id AND ends_at > :now
""")
_HOME = text("""
    SELECT i.id AS identity_id, c.id AS chat_id, c.rev FROM identity i JOIN customer k ON k.id = i.customer_id
      JOIN chat c ON c.customer_id = coalesce(k.merged_into, k.id)
     WHERE i.channel_id = :channel_id AND i.external_id = :external_id
""")
_STANDS = """s.stage, s.unread, p.public_name AS operator,
           CASE WHEN s.stage = 'queue' THEN (
             SELECT count(*) FROM (
               SELECT 1 FROM standing o WHERE o.stage = 'queue' AND o.group_id IS NOT DISTINCT FROM s.group_id
                  AND (o.score > s.score
                       OR o.score = s.score AND (o.waits_since, o.chat_id) < (s.waits_since, s.chat_id))
                LIMIT 999) before
           ) END AS ahead"""
_STATE = text(f"""
    SELECT {_STANDS} FROM standing s LEFT JOIN person p ON p.id = s.owner_id
     WHERE s.chat_id = :chat_id AND s.identity_id = :identity_id
""")  # noqa: S608 - our own words
_HERE = text(f"""
    SELECT i.id AS identity_id, c.id AS chat_id, c.rev, {_STANDS}, i.address, i.address_at
      FROM identity i JOIN customer k ON k.id = i.customer_id
      JOIN chat c ON c.customer_id = coalesce(k.merged_into, k.id)
      LEFT JOIN standing s ON s.chat_id = c.id AND s.identity_id = i.id LEFT JOIN person p ON p.id = s.owner_id
     WHERE i.channel_id = :channel_id AND i.external_id = :external_id
""")  # noqa: S608 - our own words
# Of a finished chat it is no longer known what was read; what was answered was.
_UNANSWERED = text("""
    SELECT count(*) FROM message m
     WHERE m.chat_id = :chat_id AND m.identity_id = :identity_id AND m.kind = 'client'
       AND m.at > coalesce((SELECT max(o.at) FROM message o WHERE o.chat_id = :chat_id
                               AND o.identity_id = :identity_id AND o.kind = 'mine'), '-infinity')
""")
_HOSTED = text("""
    SELECT i.id AS identity_id, s.chat_id, 0 AS rev FROM standing s JOIN identity i ON i.id = s.identity_id
      JOIN channel h ON h.id = i.channel_id WHERE s.chat_id = :chat_id AND h.kind = 'webchat'
""")
# A client who has come to the site from elsewhere is there now, wherever the request began.
_LAST = text("""
    SELECT i.id AS identity_id, :chat_id AS chat_id, 0 AS rev
      FROM (SELECT identity_id, 1 AS near, 0 AS number FROM standing WHERE chat_id = :chat_id
            UNION ALL SELECT identity_id, 0, number FROM episode WHERE chat_id = :chat_id) w
      JOIN identity i ON i.id = w.identity_id JOIN channel h ON h.id = i.channel_id AND h.kind = 'webchat'
     ORDER BY w.near DESC, w.number DESC LIMIT 1
""")
_LOCALES = text("""
    SELECT DISTINCT t.locale FROM widget_token t JOIN identity i USING (channel_id, external_id)
     WHERE i.id = :identity_id AND t.ends_at > now() AND t.seen_at > now() - interval '2 days'
""")
_FILE = text("""
    SELECT f.stored_id, f.name, f.mime FROM file f JOIN message m ON m.id = f.message_id
     WHERE f.id = :id AND f.state = 'kept' AND m.kind IN ('client', 'mine', 'bot') AND m.withdrawn_at IS NULL
""")


def door(key: str) -> Door | None:
    """The chat of this key, at most two seconds old; None when there is none or it is switched off."""
    found, checked = _doors.get(key, (None, -_FRESH_SECONDS))
    if time.monotonic() - checked > _FRESH_SECONDS:
        found = _door(key)
        if found is None:  # what strangers try is not kept
            _doors.pop(key, None)
        else:
            _doors[key] = found, time.monotonic()
    return found


def forget() -> None:
    """The next page asks the database which doors are open: for whoever has just changed one."""
    _doors.clear()


def _door(key: str) -> Door | None:
    asked = select(Channel, WebChat).join(WebChat, WebChat.id == Channel.id)
    row = db.session.execute(asked.where(Channel.key == key, Channel.enabled)).one_or_none()
    if row is None:
        return None
    channel, chat = row
    return Door(
        channel_id=channel.id,
        key=channel.key,
        name=channel.name,
        origins=tuple(chat.origins),
        proof=chat.proof,
        titles=chat.titles,
        greetings=chat.greetings,
        notices=chat.notices,
        notice_url=chat.notice_url,
        proof_key=chat.proof_key or "",
        bot_id=chat.bot_id,
    )


def token_hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def visitor(door: Door, token: str, now: datetime) -> Visitor | None:
    """Whose token this is; None for an unknown, ended or another chat's one."""
    values = {"hash": token_hash(token), "channel_id": door.channel_id, "now": now}
    row = db.session.execute(_VISITOR, values).one_or_none()
    if row is None:
        return None
    told = crypt.opened(row.about, "widget_token.about", row.token_hash.hex())
    name, subject, segment, *_ = [*told.split("\n"), "", "", ""]
    return Visitor(row.token_hash, row.channel_id, row.external_id, row.signed, row.locale, name, subject, segment)


def home(visitor: Visitor) -> Home | None:
    values = {"channel_id": visitor.channel_id, "external_id": visitor.external_id}
    row = db.session.execute(_HOME, values).one_or_none()
    return None if row is None else Home(*row)


def hosted(chat_id: int) -> Home | None:
    """Whose widget an open chat is shown in; None when the client writes from elsewhere."""
    row = db.session.execute(_HOSTED, {"chat_id": chat_id}).one_or_none()
    return None if row is None else Home(*row)


def last_hosted(chat_id: int) -> Home | None:
    """The same for a chat that may be closed: where its last request with a widget came from."""
    row = db.session.execute(_LAST, {"chat_id": chat_id}).one_or_none()
    return None if row is None else Home(*row)


def state(home: Home | None) -> State:
    if home is None:
        return State()
    values = {"chat_id": home.chat_id, "identity_id": home.identity_id}
    return _state(home, db.session.execute(_STATE, values).one_or_none())


def here(visitor: Visitor) -> Here | None:
    """The visitor's dialogue and how it stands, read at once; None before the first word."""
    values = {"channel_id": visitor.channel_id, "external_id": visitor.external_id}
    row = db.session.execute(_HERE, values).one_or_none()
    if row is None:
        return None
    home = Home(row.identity_id, row.chat_id, row.rev)
    return Here(home, _state(home, row), row.address, row.address_at)


def _state(home: Home, row: Any) -> State:
    if row is None or row.stage is None:
        values = {"chat_id": home.chat_id, "identity_id": home.identity_id}
        unread = db.session.scalar(_UNANSWERED, values) or 0
        return State(unread=unread, over=True, goes_on_until=endings.goes_on_until(**values))
    return State(True, row.operator or "", row.ahead, row.unread)


def locales(identity_id: int) -> list[str]:
    """The languages this client's pages are open in."""
    return list(db.session.scalars(_LOCALES, {"identity_id": identity_id}))


def file(file_id: UUID) -> tuple[UUID, str, str] | None:
    """(where it is stored, name, type) of a file that a signed link names."""
    row = db.session.execute(_FILE, {"id": file_id}).one_or_none()
    return None if row is None else (row.stored_id, crypt.open_sealed(row.name, ("file.name", file_id)), row.mime)
