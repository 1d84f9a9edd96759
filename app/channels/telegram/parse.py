"""A Bot API update → `Incoming`. Tolerant: every field may be missing, of a wrong type, or new to us.

Source: https://core.telegram.org/bots/api#update (10.1). Only private chats are conversations of the desk.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from app.base.text import clean
from app.channels.contract import Callback, Incoming, IncomingKind, Sender
from app.channels.telegram import media, text
from app.channels.telegram.fields import Fields, items, number, part, string

# Notices that a chat changed. They carry nothing the client said.
SERVICE = frozenset(
    """new_chat_members left_chat_member chat_owner_left chat_owner_changed new_chat_title new_chat_photo
    delete_chat_photo group_chat_created supergroup_chat_created channel_chat_created
    message_auto_delete_timer_changed pinned_message users_shared chat_shared connected_website write_access_allowed
    passport_data proximity_alert_triggered boost_added chat_background_set checklist_tasks_done
    checklist_tasks_added direct_message_price_changed forum_topic_created forum_topic_edited forum_topic_closed
    forum_topic_reopened general_forum_topic_hidden general_forum_topic_unhidden giveaway_created giveaway_completed
    managed_bot_created paid_message_price_changed poll_option_added poll_option_deleted suggested_post_approved
    suggested_post_approval_failed suggested_post_declined suggested_post_paid suggested_post_refunded
    video_chat_scheduled video_chat_started video_chat_ended video_chat_participants_invited""".split()
)
# Fields of a message that say nothing about its content.
ENVELOPE = frozenset(
    """message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count sender_business_bot
    sender_tag date guest_query_id business_connection_id chat forward_origin is_topic_message is_automatic_forward
    reply_to_message external_reply quote reply_to_story reply_to_checklist_task_id reply_to_poll_option_id via_bot
    guest_bot_caller_user guest_bot_caller_chat edit_date has_protected_content is_from_offline is_paid_post
    media_group_id author_signature paid_star_count link_preview_options suggested_post_info effect_id caption
    caption_entities entities show_caption_above_media has_media_spoiler reply_markup forward_from forward_from_chat
    forward_from_message_id forward_sender_name forward_date forward_signature""".split()
)
# The parameter of a deep link. Anybody can type one: it is a hint, never a proof. Any other words are the client's own.
START = re.compile(r"/start(?:@\w+)?(?:\s+([A-Za-z0-9_-]{1,64}))?\s*")
NAME = 255


def parse(raw: dict[str, Any]) -> Incoming:
    """Understand one update; never raises."""
    try:
        return _read(raw)
    except Exception:  # the last net: a client's update must never stop the ones behind it
        return _unsupported("malformed")


def _read(raw: Fields) -> Incoming:
    if not isinstance(raw, dict):
        return _unsupported("malformed")
    for key, read in _READERS.items():
        if key in raw:
            body = part(raw, key)
            return read(body, _update_id(raw)) if body else _unsupported(key, _update_id(raw))
    others = _named(key for key in raw if key != "update_id")
    return Incoming("ignored" if others else "unsupported", "", _update_id(raw), why=others or "empty")


def _message(body: Fields, update: str, kind: IncomingKind = "message") -> Incoming:
    lane, message_id = _lane(body), number(body, "message_id")
    if not lane or message_id is None:
        return _unsupported("message without chat" if not lane else "message without id", update, lane)
    moved = _migrated(body, lane, str(message_id))
    if moved:
        return moved
    if not _is_private(part(body, "chat")):
        return Incoming("ignored", lane, str(message_id), why=string(part(body, "chat"), "type", 32) or "group")
    return _content(body, kind, lane, str(message_id))


def _edited(body: Fields, update: str) -> Incoming:
    return _message(body, update, "edited")


def _content(body: Fields, kind: IncomingKind, lane: str, message_id: str) -> Incoming:
    words, markup = _text(body)
    attachments = media.attachments(body)
    # A caption alone means that what it describes was not understood.
    kind, why = _kind(body, kind, bool(attachments or (words and "text" in body)))
    started = START.fullmatch(words) if kind == "message" and not attachments else None
    quote = part(body, "quote")
    return Incoming(
        kind="started" if started else kind,
        lane=lane,
        external_id=message_id,
        version=(number(body, "edit_date") or 0) if "edit_date" in body else 0,
        at=moment(body.get("date")),
        sender=_sender(part(body, "from") or part(body, "chat")),
        text=words or (media.sticker_emoji(body) if attachments else ""),
        markup=markup,
        attachments=attachments,
        reply_to=_id(part(body, "reply_to_message"), "message_id"),
        quote=string(quote, "text", 4096),
        album=string(body, "media_group_id", 64),
        forwarded_from=_origin(body),
        payload=(started[1] or "") if started else "",
        why=why,
    )


def _kind(body: Fields, kind: IncomingKind, readable: bool) -> tuple[IncomingKind, str]:
    """The kind, and for what cannot be shown the name of its content."""
    service = next((key for key in body if key in SERVICE), "")
    if service:
        return "ignored", service
    if readable:
        return kind, ""
    return "unsupported", _named(key for key in body if key not in ENVELOPE) or "empty"


def _text(body: Fields) -> text.Piece:
    key = "text" if isinstance(body.get("text"), str) else "caption"
    words = body.get(key)
    if not isinstance(words, str):
        return "", ()
    return text.received(words, items(body, "entities" if key == "text" else "caption_entities"))


def _callback(body: Fields, update: str) -> Incoming:
    message, person = part(body, "message"), part(body, "from")
    # An inline button's press has no message; a private chat's id is the person's own.
    lane = _lane(message) or _id(person, "id")
    press = _id(body, "id") or string(body, "id", 128)
    if not lane or not press:
        return _unsupported("callback without chat" if press else "callback without id", update, lane)
    if message and not _is_private(part(message, "chat")):
        return Incoming("ignored", lane, press, why="group")
    callback = Callback(press, string(body, "data", 256), _id(message, "message_id"))
    return Incoming("callback", lane, press, sender=_sender(person), callback=callback)


def _membership(body: Fields, update: str) -> Incoming:
    """The bot was blocked, unblocked, or moved about in a group."""
    lane, status = _lane(body), string(part(body, "new_chat_member"), "status", 32)
    if not lane:
        return _unsupported("my_chat_member without chat", update)
    if not _is_private(part(body, "chat")) or status not in _MEMBERSHIP:
        return Incoming("ignored", lane, update, why="my_chat_member")
    at, sender = moment(body.get("date")), _sender(part(body, "from") or part(body, "chat"))
    return Incoming(_MEMBERSHIP[status], lane, update, at=at, sender=sender)


_MEMBERSHIP: dict[str, IncomingKind] = {"kicked": "blocked", "member": "unblocked"}
_READERS: dict[str, Callable[[Fields, str], Incoming]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _callback,
    "my_chat_member": _membership,
}


def _migrated(body: Fields, lane: str, message_id: str) -> Incoming | None:
    """A group became a supergroup: both notices say the same from their own side."""
    to, since = number(body, "migrate_to_chat_id"), number(body, "migrate_from_chat_id")
    if to is not None:
        return Incoming("migrated", lane, message_id, at=moment(body.get("date")), new_lane=str(to))
    if since is not None:
        return Incoming("migrated", str(since), message_id, at=moment(body.get("date")), new_lane=lane)
    return None


def _unsupported(why: str, external_id: str = "", lane: str = "") -> Incoming:
    return Incoming("unsupported", lane, external_id, why=why)


def _lane(body: Fields) -> str:
    return _id(part(body, "chat"), "id")


def _is_private(chat: Fields) -> bool:
    kind, chat_id = chat.get("type"), number(chat, "id")
    return kind == "private" or (not isinstance(kind, str) and (chat_id or 0) > 0)


def _sender(person: Fields) -> Sender | None:
    external_id = _id(person, "id")
    if not external_id:
        return None
    name = f"{string(person, 'first_name', NAME)} {string(person, 'last_name', NAME)}".strip()
    return Sender(
        external_id,
        name=name or string(person, "title", NAME),
        username=string(person, "username", 64),
        language_hint=string(person, "language_code", 35),
        is_bot=person.get("is_bot") is True,
    )


def _origin(body: Fields) -> str:
    """Who first wrote a forwarded message, as a name; old servers say it in forward_* fields."""
    origin = part(body, "forward_origin")
    person = _sender(part(origin, "sender_user") or part(body, "forward_from"))
    chat = part(origin, "sender_chat") or part(origin, "chat") or part(body, "forward_from_chat")
    hidden = string(origin, "sender_user_name", NAME) or string(body, "forward_sender_name", NAME)
    return (person.name if person else "") or hidden or string(chat, "title", NAME) or ("?" if origin else "")


def moment(seconds: object) -> datetime | None:
    """Unix seconds → UTC; None for what no client's clock can mean (an inaccessible message has date 0)."""
    if type(seconds) is not int or not 0 < seconds < 1 << 33:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _named(keys: Iterable[str]) -> str:
    """The first name in the alphabet, readable; "" when there is none."""
    return next((clean(key, 64) or "?" for key in sorted(keys)), "")


def _update_id(raw: Fields) -> str:
    return _id(raw, "update_id")


def _id(body: Fields, key: str) -> str:
    value = number(body, key)
    return "" if value is None else str(value)
