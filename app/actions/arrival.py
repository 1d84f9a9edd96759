"""An update, understood: who wrote, in which chat, what changes. One transaction with everything it touches."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.actions import (
    auto_replies,
    brought,
    continuing,
    dispatch,
    known,
    learning,
    merging,
    opening,
    pressing,
    quoting,
    resuming,
)
from app.actions.forgetting import forget_codes, without_split_code
from app.actions.record import record
from app.actions.shaping import alike, shape, words
from app.base import crypt, ids
from app.base.numbers import whole
from app.base.text import clean
from app.channels import registry
from app.channels.contract import Incoming
from app.live import push
from app.models.chat import MessageKind, Verb
from app.models.customer import JOIN_PHONE
from app.models.db import Transaction, db
from app.queries import settings

WORDS = ("message", "unsupported")
# No provider keeps a word longer for us; what says so would stand where nobody looks.
OLDEST = timedelta(days=2)
SILENT = ("blocked", "unblocked", "callback")


@dataclass(frozen=True)
class Row:
    """One stored update, still sealed."""

    id: UUID
    channel_id: int
    channel_kind: str
    received_at: datetime
    raw: bytes


_SETTLED = "UPDATE inbox SET state = :state, taken_at = :now, error = :why WHERE id = :id"
_SETTLE = text(_SETTLED)
# Both hold only if what is understood in between is kept as well.
_SETTLE_ONCE = text(f"""
    WITH first AS (
      INSERT INTO seen (channel_id, lane, kind, external_id, version)
      VALUES (:channel_id, :lane, :kind, :external_id, :version) ON CONFLICT DO NOTHING RETURNING 1
    ), settled AS ({_SETTLED})
    SELECT EXISTS (SELECT 1 FROM first)
""")  # noqa: S608 - our own words

# A word of ours has several ids at the provider: an album's, a long text's. Its message keeps the first one.
SAY = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :chat_id RETURNING rev),
    stood AS (
      UPDATE standing SET unread = unread + 1, waits_since = coalesce(waits_since, :received_at), awaits_since = NULL,
             last_at = CASE WHEN last_id IS NULL THEN :at ELSE greatest(last_at, :at) END,
             last_id = CASE WHEN last_id IS NULL OR last_at <= :at THEN :id ELSE last_id END,
             identity_id = :identity_id, snooze = NULL, snoozed_until = NULL
       WHERE chat_id = :chat_id
    )
    INSERT INTO message (id, chat_id, episode_id, identity_id, kind, at, received_at, external_id, text, shape, late,
                         reply_to, rev)
    SELECT :id, :chat_id, :episode_id, :identity_id, :kind, :at, :received_at, :external_id, :text,
           CAST(:shape AS jsonb), :late,
           coalesce(
             (SELECT id FROM message
               WHERE chat_id = :chat_id AND external_id = :reply_to AND identity_id = :identity_id
               ORDER BY id DESC LIMIT 1),
             CASE WHEN CAST(:reply_to AS text) IS NOT NULL THEN
               (SELECT m.id FROM message m JOIN outbox o ON o.message_id = m.id AND :reply_to = ANY(o.external_ids)
                 WHERE m.chat_id = :chat_id AND m.identity_id = :identity_id AND m.kind IN ('mine', 'bot')
                 ORDER BY m.at DESC LIMIT 1) END), rev
      FROM bumped
""")

# Another bot of the same dialogue numbers its messages as well.
_ORIGINAL = text("""
    SELECT m.id, m.text, m.shape, (SELECT count(*) FROM message_version v WHERE v.message_id = m.id) AS versions
      FROM message m WHERE m.chat_id = :chat_id AND m.external_id = :external_id AND m.identity_id = :identity_id
       AND m.kind = 'client' ORDER BY m.id DESC LIMIT 1
""")

_VERSION = text("INSERT INTO message_version (message_id, version, text, until) VALUES (:id, :version, :text, :now)")

_EDIT = text("""
    WITH bumped AS (UPDATE chat SET rev = rev + 1 WHERE id = :chat_id RETURNING rev)
    UPDATE message SET text = :text, shape = CAST(:shape AS jsonb), rev = bumped.rev,
           edited_at = coalesce(CAST(:edited_at AS timestamptz), edited_at)
      FROM bumped WHERE message.id = :id
""")


def settle(row: Row, tx: Transaction, now: datetime) -> None:
    """Take one update: exactly once, whatever the provider repeats (docs/architecture.md, "The road in")."""
    incoming = read(row)
    values = {"id": row.id, "state": state_of(incoming), "now": now, "why": incoming.why}
    if not says_something(incoming):
        db.session.execute(_SETTLE, values)
    elif db.session.scalar(_SETTLE_ONCE, {**values, **_seen(row, incoming)}):
        understand(row, incoming, tx, now)


def read(row: Row) -> Incoming:
    """What the stored update says, for whoever settles it in this transaction: with it, its codes are forgotten."""
    body = json.loads(crypt.open_bytes(row.raw, ("inbox.raw", row.id)))
    forget_codes(row.id, body)
    return registry.door(row.channel_kind).parse(body)


def says_something(incoming: Incoming) -> bool:
    return incoming.kind != "ignored" and bool(incoming.lane)


def state_of(incoming: Incoming) -> str:
    """How the row stands once it is settled."""
    return "unsupported" if incoming.kind == "unsupported" else "taken"


def seen_key(row: Row, incoming: Incoming) -> tuple[int, str, str, str, int]:
    """By what an update is known for good: channel, lane, kind, external id, version."""
    kind = "message" if incoming.kind in WORDS else incoming.kind
    return row.channel_id, incoming.lane, kind, incoming.external_id, incoming.version


def _seen(row: Row, incoming: Incoming) -> dict[str, Any]:
    return dict(zip(("channel_id", "lane", "kind", "external_id", "version"), seen_key(row, incoming), strict=True))


def settle_again(row: Row, tx: Transaction, now: datetime) -> None:
    """What nobody could read when it came, and perhaps can by now: its message says it in its place."""
    incoming = read(row)
    if incoming.kind == "message":
        db.session.execute(_SETTLE, {"id": row.id, "state": "taken", "now": now, "why": ""})
        _edited(row, opening.home_of(row.channel_id, incoming, now), incoming, tx, now)


def understand(row: Row, incoming: Incoming, tx: Transaction, now: datetime) -> None:
    if incoming.kind == "migrated":
        opening.move_lane_of(row.channel_id, incoming.lane, incoming.new_lane)
        return
    if incoming.kind in SILENT and not opening.is_known(row.channel_id, incoming):
        return  # a stranger who has never written becomes no client by it
    home = opening.home_of(row.channel_id, incoming, now)
    incoming = without_split_code(row.id, row.raw, home.chat_id, incoming, _shown_at(incoming, row.received_at))
    match incoming.kind:
        case "edited":
            _edited(row, home, incoming, tx, now)
        case "blocked" | "unblocked":
            _reachable(home, incoming.kind == "unblocked", tx, now)
        case "callback":
            pressing.pressed(home, incoming, tx, now)
        case "started" if continuing.is_token(incoming.payload):
            continuing.arrived(tx, home, row.channel_id, incoming.payload, row.received_at, now)
        case "message" if asks_for_site(incoming) and continuing.asks_for_site(tx, home, row.channel_id, now):
            pass
        case "started":
            # Pressing "Start" says nothing: nobody is called for it, and no clock runs. The payload is untrusted.
            payload = clean(incoming.payload, 64)
            record(tx, home.chat_id, home.episode_id, Verb.STARTED, None, now, payload=payload)
        case _:
            _said(row, home, incoming, tx, now)


def _said(row: Row, home: opening.Home, incoming: Incoming, tx: Transaction, now: datetime) -> None:
    """A word of the client: into the open episode, or a new one."""
    hosted = registry.is_hosted(row.channel_kind)
    if not hosted and _original(home, incoming) is not None:  # its edit came first
        return
    is_new = home.episode_id is None
    at = _shown_at(incoming, row.received_at)
    if home.blocked_us_at is not None and home.blocked_us_at < at:  # whoever writes is there
        _reachable(home, True, tx, now)
    comment = pressing.commented(home, incoming, tx, now)
    home = comment or resuming.resumed(home, row, tx, at, now) or opening.opened(home, row, tx, at)
    waits = is_new and not home.taken and not comment
    turned = learning.learn(tx, home, incoming)
    if waits:
        dispatch.place(tx, home.chat_id, words(incoming), now)
    elif turned:
        dispatch.ask_again(tx, home.chat_id, now)
    values = values_of(row, home, incoming, now)
    db.session.execute(SAY, values)
    brought.keep(row, home.chat_id, values["id"], incoming.attachments, tx, now)
    _prove_phone(home, incoming, tx, now)
    tx.after(push.word_came, home.chat_id, values["id"])
    if hosted:
        tx.after(push.client_sees, home.chat_id, values["id"], home.identity_id)
    if waits:
        auto_replies.welcome(tx, home.chat_id, now)


def asks_for_site(incoming: Incoming) -> bool:
    """The bot's command /site, as clients send it; in groups it names the bot."""
    return incoming.kind == "message" and incoming.text.strip().partition("@")[0] == "/site"


def proves_phone(incoming: Incoming) -> bool:
    """The client has shared his own number, and the provider vouches that it is his."""
    return any(one.own_contact and one.phone for one in incoming.attachments)


def _prove_phone(home: opening.Home, incoming: Incoming, tx: Transaction, now: datetime) -> None:
    for one in incoming.attachments:
        if one.own_contact and one.phone:
            customer_id = known.prove_phone(home.identity_id, one.phone, now)
            tx.after(push.card_changed, home.chat_id)
            if customer_id is not None and settings.value(JOIN_PHONE):
                # In a transaction of its own: it locks customers, and those come before chats.
                tx.after(merging.join_same, customer_id, "phone", now)


def values_of(row: Row, home: opening.Home, incoming: Incoming, now: datetime) -> dict[str, Any]:
    """The message's row, for SAY."""
    message_id = ids.uuid7(now)
    at = _shown_at(incoming, row.received_at)
    return {
        "id": message_id,
        "chat_id": home.chat_id,
        "episode_id": home.episode_id,
        "identity_id": home.identity_id,
        "kind": MessageKind.CLIENT.value,
        "at": at,
        "received_at": row.received_at,
        "external_id": incoming.external_id,
        "text": crypt.seal(words(incoming), at=("message.text", message_id)),
        "shape": json.dumps(shape(incoming)),
        "late": home.answered_at is not None and at < home.answered_at,
        "reply_to": incoming.reply_to or None,
    }


def _edited(row: Row, home: opening.Home, incoming: Incoming, tx: Transaction, now: datetime) -> None:
    """The new text is shown, the old one kept. An edit of what we never had is a message."""
    original = _original(home, incoming)
    if original is None:
        _said(row, home, incoming, tx, now)
        return
    old = crypt.open_sealed(original.text, ("message.text", original.id))
    said, shown = words(incoming), shape(incoming)
    if incoming.version < original.shape.get("version", 0):  # a newer one has overtaken it
        _keep_version(original, said, now)
        return
    new = brought.not_yet_here(original.id, incoming.attachments)
    # Telegram also tells of changes that nobody sees.
    unseen = said == old and alike(shown, original.shape) and not new
    if old and old != said:
        _keep_version(original, old, now)
    sealed = crypt.seal(said, at=("message.text", original.id))
    values = {"id": original.id, "chat_id": home.chat_id, "text": sealed, "shape": json.dumps(shown)}
    db.session.execute(_EDIT, {**values, "edited_at": None if unseen else now})
    brought.keep(row, home.chat_id, original.id, new, tx, now)
    if not unseen:
        tx.after(push.message_changed, home.chat_id, original.id)
        tx.after(push.row_changed, home.chat_id)
        quoting.redraw(tx, home.chat_id, original.id)


def _keep_version(of: Any, said: str, now: datetime) -> None:
    values = {"id": of.id, "version": of.versions + 1, "now": now}
    db.session.execute(_VERSION, {**values, "text": crypt.seal(said, at=("message_version.text", of.id))})


def _reachable(home: opening.Home, reachable: bool, tx: Transaction, now: datetime) -> None:
    """The client blocked our bot, or let it in again."""
    opening.mark_reachable(home.identity_id, None if reachable else now)
    verb = Verb.CLIENT_UNBLOCKED_US if reachable else Verb.CLIENT_BLOCKED_US
    record(tx, home.chat_id, home.episode_id, verb, None, now)
    tx.after(push.row_changed, home.chat_id)


def _original(home: opening.Home, incoming: Incoming) -> Any:
    if incoming.kind != "edited" and home.is_new:
        return None
    values = {"chat_id": home.chat_id, "external_id": incoming.external_id, "identity_id": home.identity_id}
    return db.session.execute(_ORIGINAL, values).one_or_none()


def _shown_at(incoming: Incoming, received_at: datetime) -> datetime:
    """The provider's second, in the provider's order within it; never the future (clocks differ), nor long ago."""
    if incoming.at is None or not received_at - OLDEST <= incoming.at <= received_at:
        return received_at
    number = (whole(incoming.external_id) or 0) % 100_000
    return incoming.at + timedelta(microseconds=number)
