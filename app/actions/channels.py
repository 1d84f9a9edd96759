"""Connect, check, switch on and off the channels of clients (clause 1.1)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from app.actions import journal
from app.base.refusal import Refusal
from app.channels import registry
from app.channels.contract import Account, Health, Sent
from app.models.channel import Channel
from app.models.db import db, transaction
from app.models.hours import HOURS
from app.models.journal import declare as declare_kind
from app.models.viewer import AnyViewer
from app.queries import channels as known
from app.queries import lists, widget

CONNECTED = declare_kind("channel.connected", _l("Channel connected"))
CHANGED = declare_kind("channel.changed", _l("Channel changed"))
SWITCHED = declare_kind("channel.switched", _l("Channel switched on or off"))


_USERNAME = text("UPDATE channel SET username = :username WHERE id = :id AND username <> :username")


class UnknownKind(Refusal):
    notice = _l("There is no channel of the kind “%(kind)s”.")
    status = 422


class AddressUnfit(Refusal):
    notice = _l("“%(address)s” is not an address. Write it like https://api.telegram.org.")
    status = 422


class HookRefused(Refusal):
    notice = _l("The channel did not accept the webhook: %(why)s.")
    status = 422


class AlreadyConnected(Refusal):
    notice = _l("This bot is connected already: “%(name)s”. Read twice, it would give each half of its messages.")
    status = 422


class AnotherBot(Refusal):
    notice = _l("This token belongs to another bot. Connect that one beside this: its clients and messages are others.")
    status = 422


class ServingUnfit(Refusal):
    notice = _l("Choose working hours and a weight of the list.")
    status = 422


# In tenths of a chat.
WEIGHTS = (2, 5, 10, 15, 20, 30, 50)


@dataclass(frozen=True)
class Serving:
    """`hours_id` None: the first hours of the list."""

    hours_id: int | None
    weight: int


@dataclass(frozen=True)
class Wish:
    """What a form or a command asks for. An empty token keeps the present one.

    `webhook_url`: the public address that the provider calls, where it is another one than this desk's.
    """

    name: str
    token: str = field(repr=False)
    api_url: str = ""
    webhook: bool = False
    webhook_url: str = ""


def connect(kind: str, wish: Wish, by: AnyViewer, origin: journal.Origin, now: datetime) -> Channel:
    """Add a channel; it is listened to within seconds.

    Raises UnknownKind, AddressUnfit, AlreadyConnected, HookRefused.
    """
    if kind not in registry.kinds():
        raise UnknownKind(kind=kind)
    _check_address(wish.api_url)
    _check_address(wish.webhook_url)
    _check_alone(kind, wish.token, wish.api_url, None)
    channel = Channel(kind=kind, name=wish.name.strip(), key=secrets.token_urlsafe(12), created_at=now)
    channel.api_url = wish.api_url.strip()
    channel.webhook_url = hook_address(channel, wish.webhook_url) if wish.webhook else ""
    secret = secrets.token_urlsafe(32)
    _point(replace(_tried(_unsaved(kind), wish), webhook_url=channel.webhook_url, secret=secret), must=wish.webhook)
    with transaction():
        db.session.add(channel)
        db.session.flush()
        channel.token, channel.secret = wish.token.strip(), secret
        journal.note(CONNECTED, by, now, origin, of=("channel", channel.id), after=_told(channel))
    return channel


def change(channel: Channel, wish: Wish, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """Edit a channel. Raises AddressUnfit, AnotherBot, AlreadyConnected, HookRefused."""
    _check_address(wish.api_url)
    _check_address(wish.webhook_url)
    _check_same(channel, wish.token)
    _check_alone(channel.kind, wish.token or channel.token or "", wish.api_url, channel.id)
    hook = hook_address(channel, wish.webhook_url) if wish.webhook else ""
    present = known.account_of(channel)
    wanted = replace(_tried(present, wish), webhook_url=hook)
    if wanted != present:
        _point(wanted, must=bool(hook) or hook != present.webhook_url)
    with transaction():
        before = _told(channel)
        channel.name, channel.api_url, channel.webhook_url = wish.name.strip(), wish.api_url.strip(), hook
        if wish.token.strip():
            channel.token = wish.token.strip()
        channel.trouble = ""
        after = {**_told(channel), "token_changed": bool(wish.token.strip())}
        journal.note(CHANGED, by, now, origin, of=("channel", channel.id), before=before, after=after)


def serve(wishes: Mapping[int, Serving], by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """When each channel is served, and what its chats count for. Raises ServingUnfit."""
    hours = {row.id for row in lists.rows(HOURS)}
    with transaction():
        for channel in known.everyone():
            wish = wishes.get(channel.id)
            if wish is None or wish == Serving(channel.hours_id, channel.weight):
                continue
            if wish.hours_id not in {None, *hours} or wish.weight not in WEIGHTS:
                raise ServingUnfit
            before = {"hours": channel.hours_id, "weight": channel.weight}
            channel.hours_id, channel.weight = wish.hours_id, wish.weight
            after = {"hours": wish.hours_id, "weight": wish.weight}
            journal.note(CHANGED, by, now, origin, of=("channel", channel.id), before=before, after=after)


def switch(channel: Channel, enabled: bool, by: AnyViewer, origin: journal.Origin, now: datetime) -> None:
    """On or off, without restart. What clients write meanwhile waits at the provider."""
    with transaction() as tx:
        channel.enabled = enabled
        tx.after(widget.forget)
        journal.note(SWITCHED, by, now, origin, of=("channel", channel.id), after={"enabled": enabled})


def check(kind: str, wish: Wish, channel: Channel | None = None) -> Health:
    """Ask the provider who we are, with what the form holds."""
    tried = _tried(known.account_of(channel) if channel else _unsaved(kind), wish)
    db.session.remove()  # no connection is held while the network answers
    health = registry.channel(kind).check(tried)
    if channel is not None and health.ok:
        keep_username(channel.id, health)
    return health


def keep_username(channel_id: int, health: Health) -> None:
    """Links into a bot (t.me/its_name) need its name."""
    if health.name.startswith("@"):
        with transaction():
            db.session.execute(_USERNAME, {"id": channel_id, "username": health.name[1:]})


def hook_address(channel: Channel, public: str = "") -> str:
    """Where the provider calls: at `public`, or at the desk's own address."""
    base = public.strip().rstrip("/") or current_app.config["SETTINGS"].url
    return f"{base}{known.hook_path(channel)}"


def _unsaved(kind: str) -> Account:
    settings = current_app.config["SETTINGS"]
    return Account(id=0, kind=kind, token="", proxy=settings.outbound_proxy, allow=settings.outbound_allow)


def _tried(account: Account, wish: Wish) -> Account:
    return replace(account, token=wish.token.strip() or account.token, api_url=wish.api_url.strip())


def _point(account: Account, *, must: bool) -> None:
    """Tell the provider where its updates go: to our webhook, or nowhere, so that a former one leaves them to us.

    `must`: raises HookRefused when it does not; else whoever listens finds out, and says so.
    """
    db.session.rollback()  # no connection is held while the network answers
    result = registry.channel(account.kind).set_webhook(account)
    if must and not isinstance(result, Sent):
        raise HookRefused(why=getattr(result, "why", ""))


def _check_same(channel: Channel, token: str) -> None:
    """What is known of an account's messages, so that none is taken twice, says nothing of another's."""
    whose = registry.channel(channel.kind).whose
    if token.strip() and whose(token) != whose(channel.token or "") and known.has_clients(channel.id):
        raise AnotherBot


def _check_alone(kind: str, token: str, api_url: str, but: int | None) -> None:
    whose = registry.channel(kind).whose
    for other in known.everyone():
        same = other.kind == kind and other.api_url == api_url.strip() and whose(other.token or "") == whose(token)
        if same and other.id != but:
            raise AlreadyConnected(name=other.name)


def _check_address(address: str) -> None:
    parts = urlsplit(address.strip())
    if address.strip() and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise AddressUnfit(address=address)


def _told(channel: Channel) -> dict[str, object]:
    """What the journal may know of a channel: never its secrets."""
    return {
        "name": channel.name,
        "kind": channel.kind,
        "api_url": channel.api_url,
        "webhook": bool(channel.webhook_url),
    }
