"""Put a chat on the bank's site, change where it may stand and what it says (clause 4.1)."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l

from app.actions import journal
from app.actions.channels import CHANGED, CONNECTED
from app.base import jwt
from app.base.refusal import Refusal
from app.channels import webchat
from app.models.channel import Channel
from app.models.db import db, transaction
from app.models.viewer import AnyViewer
from app.models.webchat import WebChat
from app.queries import widget


class SiteUnfit(Refusal):
    notice = _l("“%(site)s” is not a site. Write it like https://bank.uz, one in a line.")
    status = 422


class KeyUnfit(Refusal):
    notice = _l(
        "This key does not fit: HS256 needs 32 characters or more, RS256 a public RSA key of 2048 bits or more."
    )
    status = 422


@dataclass(frozen=True)
class Wish:
    """What a form or a command asks for. An empty key keeps the present one."""

    name: str
    sites: tuple[str, ...] = ()
    proof: str = ""
    proof_key: str = field(default="", repr=False)
    titles: dict[str, str] = field(default_factory=dict)
    greetings: dict[str, str] = field(default_factory=dict)
    notices: dict[str, str] = field(default_factory=dict)
    notice_url: str = ""
    bot_id: int | None = None
    page_url: str = ""


def connect(wish: Wish, by: AnyViewer, origin: journal.Origin, now: datetime, *, key: str = "") -> Channel:
    """Add a chat for a site; `key` stands in its script. Raises SiteUnfit, KeyUnfit."""
    origins = _origins(wish.sites)
    with transaction():
        key = key or secrets.token_urlsafe(12)
        channel = Channel(kind=webchat.door.kind, name=wish.name.strip(), key=key, created_at=now)
        db.session.add(channel)
        db.session.flush()
        chat = WebChat(id=channel.id)
        _fill(chat, wish, origins)
        db.session.add(chat)
        journal.note(CONNECTED, by, now, origin, of=("channel", channel.id), after=_told(channel, chat))
    return channel


def change(channel: Channel, chat: WebChat, wish: Wish, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Edit a chat of a site. Raises SiteUnfit, KeyUnfit."""
    origins = _origins(wish.sites)
    with transaction() as tx:
        before = _told(channel, chat)
        channel.name = wish.name.strip()
        _fill(chat, wish, origins)
        after = {**_told(channel, chat), "key_changed": bool(wish.proof_key.strip())}
        tx.after(widget.forget)
        journal.note(CHANGED, by, now, origin, of=("channel", channel.id), before=before, after=after)


def _fill(chat: WebChat, wish: Wish, origins: list[str]) -> None:
    key = wish.proof_key.strip() or (chat.proof_key if chat.proof == wish.proof else "") or ""
    if wish.proof:
        try:
            jwt.check_key(wish.proof, key)
        except ValueError:
            raise KeyUnfit from None
    chat.origins, chat.proof, chat.notice_url = origins, wish.proof, wish.notice_url.strip()
    chat.proof_key = key or None
    chat.bot_id, chat.page_url = wish.bot_id, wish.page_url.strip()
    chat.titles, chat.greetings, chat.notices = wish.titles, wish.greetings, wish.notices


def _origins(sites: tuple[str, ...]) -> list[str]:
    """Sites as a browser names them (RFC 6454): scheme, host, port when it is not the usual one."""
    return list(dict.fromkeys(_origin(site.strip()) for site in sites if site.strip()))


def _origin(site: str) -> str:
    try:
        parts = urlsplit(site)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise SiteUnfit(site=site) from None
    # What stands in a header must be a name and nothing more.
    if parts.scheme not in ("http", "https") or not host or not all(one.isalnum() or one in ".-" for one in host):
        raise SiteUnfit(site=site)
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


def _told(channel: Channel, chat: WebChat) -> dict[str, object]:
    """What the journal may know: never the key."""
    return {
        "name": channel.name,
        "kind": channel.kind,
        "sites": chat.origins,
        "proof": chat.proof,
        "titles": chat.titles,
        "greetings": chat.greetings,
        "notices": chat.notices,
        "notice_url": chat.notice_url,
        "bot": chat.bot_id,
        "page_url": chat.page_url,
    }
