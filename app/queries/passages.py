"""Where a dialogue can go on: the channels a link can lead to, and what a link's token stands for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import current_app
from sqlalchemy import text

from app.base import phones
from app.base.crypt import opened
from app.models.db import db


@dataclass(frozen=True)
class Target:
    """A channel that a client can come to by a link. `key` is a site's, `username` a bot's."""

    id: int
    kind: str
    name: str
    key: str
    username: str
    page_url: str

    def address(self, token: str) -> str:
        """The link itself: into the bot, onto the bank's page with the chat, or to the chat alone (the app's view)."""
        if self.kind == "telegram":
            return f"https://t.me/{self.username}?start={token}"
        if self.page_url:
            return f"{self.page_url}{'&' if '?' in self.page_url else '?'}muloqot={token}"
        return f"{current_app.config['SETTINGS'].url}/widget/{self.key}?continue={token}"


@dataclass(frozen=True)
class Reachable:
    """A place the client can be answered at. `about` tells it from the others of its channel; "" where it is alone."""

    identity_id: int
    channel_id: int
    channel_kind: str
    channel_name: str
    lane: str
    about: str = ""


_TARGETS = """
    SELECT h.id, h.kind, h.name, h.key, h.username, coalesce(w.page_url, '') AS page_url
      FROM channel h LEFT JOIN webchat w ON w.id = h.id
     WHERE h.enabled AND (h.kind = 'webchat' OR h.kind = 'telegram' AND h.username <> '')
"""
_ALL = text(f"{_TARGETS} AND h.id <> :but ORDER BY h.name, h.id")
_ONE = text(f"{_TARGETS} AND h.id = :id")
# Which site's chat goes on in this bot: where the bot's client is sent who asks for the site.
_SITE_OF = text(f"{_TARGETS} AND w.bot_id = :bot_id ORDER BY h.id LIMIT 1")
_BOT_OF = text(f"""
    {_TARGETS} AND h.kind = 'telegram' AND h.id = (SELECT bot_id FROM webchat WHERE id = :site_id)
""")  # noqa: S608 - our own words
_PASSAGE = text("SELECT * FROM passage WHERE token_hash = :hash")
_REACHABLE = text("""
    SELECT i.id, i.channel_id, h.kind, h.name AS channel, i.lane, i.name, i.username, f.id AS phone_id, f.phone
      FROM identity i JOIN channel h ON h.id = i.channel_id JOIN customer k ON k.id = i.customer_id
      LEFT JOIN LATERAL (SELECT * FROM customer_phone WHERE customer_id = i.customer_id AND removed_at IS NULL
                          ORDER BY proven_at IS NULL, id LIMIT 1) f ON true
     WHERE coalesce(k.merged_into, k.id) = :customer_id AND i.blocked_us_at IS NULL AND h.enabled ORDER BY i.id LIMIT 20
""")


def targets(but: int) -> list[Target]:
    """Channels a link can lead to, except the one the client writes from."""
    return [Target(*row) for row in db.session.execute(_ALL, {"but": but})]


def target(channel_id: int) -> Target | None:
    return _target(_ONE, id=channel_id)


def site_of(bot_id: int) -> Target | None:
    """The site that a bot's client is led to."""
    return _target(_SITE_OF, bot_id=bot_id)


def bot_of(site_id: int) -> Target | None:
    """The bot that a site's client is led to."""
    return _target(_BOT_OF, site_id=site_id)


def token_hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def passage(token: str) -> Any:
    """What the token was made for, or None."""
    return db.session.execute(_PASSAGE, {"hash": token_hash(token)}).one_or_none()


def reachable(customer_id: int) -> list[Reachable]:
    """Where the client of this card can be written to."""
    rows = db.session.execute(_REACHABLE, {"customer_id": customer_id}).all()
    told = zip(rows, _told_apart(rows), strict=True)
    return [Reachable(row.id, row.channel_id, row.kind, row.channel, row.lane, about) for row, about in told]


def ends(found: Any, at: datetime) -> str:
    """Why a token leads nowhere: "wrong", "expired", "used"; "" when it does lead somewhere."""
    if found is None:
        return "wrong"
    if found.used_at is not None:
        return "used"
    return "expired" if found.ends_at <= at else ""


def _told_apart(rows: Sequence[Any]) -> list[str]:
    """What to say of each beside its channel: nothing where it is alone there, a number where names are no help."""
    channels = Counter(row.channel_id for row in rows)
    told = [_about(row) if channels[row.channel_id] > 1 else "" for row in rows]
    alike = Counter((row.channel_id, about) for row, about in zip(rows, told, strict=True))
    return [
        f"{about} № {number}".strip() if alike[row.channel_id, about] > 1 else about
        for number, (row, about) in enumerate(zip(rows, told, strict=True), 1)
    ]


def _about(row: Any) -> str:
    """The alias, which nobody else has, else the name, and the phone of whom it came with."""
    alias, name = opened(row.username, "identity.username", row.id), opened(row.name, "identity.name", row.id)
    phone = opened(row.phone, "customer_phone.phone", row.phone_id)
    return ", ".join(filter(None, [f"@{alias}" if alias else name, phone and phones.masked(phone)]))


def _target(statement: Any, **values: Any) -> Target | None:
    row = db.session.execute(statement, values).one_or_none()
    return None if row is None else Target(*row)
