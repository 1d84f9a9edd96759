"""Push: what changed, to the rooms that may see it. Called by actions, after commit; from web processes and workers."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import wraps
from typing import ParamSpec
from uuid import UUID

from flask import current_app

from app.base import clock, wire
from app.base.locale import LOCALES
from app.channels import registry
from app.live import audience, fragments, widget
from app.models.chat import Place
from app.models.db import by_keys, db
from app.queries import chat_list, news, newsroom, notices, presence, thread

P = ParamSpec("P")


def _looks(verb: Callable[P, None]) -> Callable[P, None]:
    """For pushes that belong to no transaction of ours: what they read ends with them."""

    @wraps(verb)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            verb(*args, **kwargs)
        finally:
            db.session.rollback()

    return wrapper


def session_ended(session_id: UUID) -> None:
    """The pages of this session leave for the sign-in page; each web process cuts its sockets within a second."""
    wire.emit("leave", {"to": "/sign-in"}, f"session:{session_id}")


def rights_changed(person_id: int) -> None:
    """The person's pages begin anew, drawn by the rights he has now; the socket is cut within a second."""
    wire.emit("leave", {"to": "/"}, f"person:{person_id}")


def heal() -> None:
    """Every page refetches what it shows: for when pushes may have been missed."""
    wire.emit("heal", {}, "everyone")


def message_changed(chat_id: int, message_id: UUID) -> None:
    """A message is new, was edited, or has come further on its way."""
    if heard := audience.listened(audience.of_chat(chat_id)):
        _item(thread.message(chat_id, message_id), heard)
    widget.message_changed(chat_id, message_id)


def word_came(chat_id: int, message_id: UUID) -> None:
    """A client's word is new: its bubble, and its chat's row in the list."""
    if heard := audience.listened(audience.of_chat(chat_id)):
        _item(thread.message(chat_id, message_id), heard)
    if (row := chat_list.row(chat_id)) is not None:
        _show_row(row)


def client_sees(chat_id: int, message_id: UUID, identity_id: int) -> None:
    """His own word, on whatever other page he has open."""
    widget.word_came(chat_id, message_id, identity_id)


def marked(chat_id: int, message_id: UUID) -> None:
    """A message of ours was delivered or read: only the desk shows that."""
    if heard := audience.listened(audience.of_chat(chat_id)):
        _item(thread.message(chat_id, message_id), heard)


def words_came(said: tuple[tuple[int, UUID], ...]) -> None:
    """New messages of many chats, read, drawn and sent together, and each chat's row once."""
    by_keys()
    open_to = _open_to({chat_id for chat_id, _ in said})
    with current_app.test_request_context():
        items = thread.several([message_id for chat_id, message_id in said if chat_id in open_to])
        openers = thread.openers(items)
        for item in items:
            _show_item(item, item.id in openers, open_to[item.chat_id])
        _show_rows(chat_list.rows({chat_id for chat_id, _ in said}))


def event_added(chat_id: int, event_id: UUID) -> None:
    if heard := audience.listened(audience.of_chat(chat_id)):
        _item(thread.event(chat_id, event_id), heard)
    widget.event_added(chat_id, event_id)


def row_changed(chat_id: int) -> None:
    """The chat's row in the list where it stands."""
    row = chat_list.row(chat_id)
    if row is not None:
        _show_row(row)
        _tell_client(row.channel_kind, chat_id)


def chat_moved(chat_id: int, before: Place | None) -> None:
    """The chat has left one list for another; `before` is None for a new one. A finished one only leaves."""
    row = chat_list.row(chat_id)
    after = Place(row.owner_id, row.group_id) if row else None
    if before is not None and before != after:
        _leave(chat_id, before)
    if row is not None:
        _show_row(row)
    if after is not None and before != after:
        _count(after, 1)
    _ask_in_again(chat_id)
    _tell_client(row.channel_kind if row else "", chat_id)


def card_changed(chat_id: int) -> None:
    """Somebody edited the client's card: whoever has the chat open sees the new head, and that the card is older."""
    for room in audience.of_chat(chat_id):
        wire.emit("moved", {"id": "head"}, room)
        wire.emit("moved", {"id": "card-news"}, room)


def talk_changed(chat_id: int) -> None:
    """Much of a chat is new at once: its pages refetch what they show."""
    for room in audience.of_chat(chat_id):
        wire.emit("heal", {}, room)


def chat_goes_on(chat_id: int, to: int) -> None:
    """A chat is found under another number, or must be drawn anew: its pages go there."""
    for room in audience.of_chat(chat_id):
        wire.emit("leave", {"to": f"/chats/{to}"}, room)


def screen_locked(person_id: int) -> None:
    """The person's work was ended, or begun again, by somebody else: his pages begin anew at once."""
    wire.emit("leave", {"to": "/"}, f"person:{person_id}")


def offers_changed(person_id: int) -> None:
    """A chat is offered to this person, or no longer: his pages ask for the cards anew."""
    wire.emit("moved", {"id": "offers"}, f"person:{person_id}")


@_looks
def presence_changed(chat_id: int) -> None:
    """Who else looks or types; a page leaves out its own person."""
    _show_presence(chat_id)
    widget.typing(chat_id)


@_looks
def client_types(chat_id: int) -> None:
    """The client began to type, or stopped: told at the desk, not to himself."""
    _show_presence(chat_id)


def told(notice_ids: tuple[UUID, ...]) -> None:
    """New notifications: each person's bell counts one more, and a toast says it where he is."""
    for notice in notices.by_ids(notice_ids):
        room = f"person:{notice.person_id}"
        wire.emit("count", {"id": "bell-count", "by": 1}, room)
        _add(fragments.toast(notice, notice.locale), "toasts", f"{room}:{notice.locale}")


def news_came(news_id: int, now: datetime) -> None:
    """A piece of news begins: bells count it; an urgent one stands over whatever page is open."""
    shown, people = newsroom.one(news_id), newsroom.there(news_id, now)
    files = news.files(news_id)
    windows = {locale: fragments.news(shown, files, locale) for locale in {locale for _person, locale in people}}
    for person_id, locale in people:
        wire.emit("count", {"id": "bell-count", "by": 1}, f"person:{person_id}")
        if shown.importance == "urgent":
            _add(windows[locale], "before-work", f"person:{person_id}:{locale}")


def news_gone(news_id: int, people: tuple[int, ...]) -> None:
    for person_id in people:
        wire.emit("remove", {"id": f"news-{news_id}"}, f"person:{person_id}")
        bell_changed(person_id)


def bell_changed(person_id: int) -> None:
    """Something was read: the person's pages ask for the count."""
    wire.emit("moved", {"id": "bell-count"}, f"person:{person_id}")


def _open_to(chat_ids: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """Of many chats those that somebody has open, and where: asked for all at once."""
    rooms = {room: chat_id for chat_id in chat_ids for room in audience.of_chat(chat_id)}
    found: dict[int, list[tuple[str, str]]] = {}
    for room, locale in audience.listened(rooms):
        found.setdefault(rooms[room], []).append((room, locale))
    return found


def _show_presence(chat_id: int) -> None:
    if heard := audience.listened(audience.of_chat(chat_id)):
        people = presence.others(chat_id)
        for room, locale in heard:
            wire.emit("fragment", {"html": fragments.presence(people, locale)}, f"{room}:{locale}")


def _item(item: thread.Item | None, heard: Iterable[tuple[str, str]]) -> None:
    if item is not None:
        _show_item(item, thread.opens_day(item), heard)


def _show_item(item: thread.Item, opens_day: bool, heard: Iterable[tuple[str, str]]) -> None:
    for room, locale in heard:
        if opens_day:
            _add(fragments.day_line(item.at, locale), fragments.MESSAGES, f"{room}:{locale}")
        _add(fragments.item(item, locale), fragments.MESSAGES, f"{room}:{locale}")


def _show_row(row: chat_list.Row) -> None:
    _show_rows([row])


def _show_rows(rows: Collection[chat_list.Row]) -> None:
    """Each in its list. Who listens is asked once for all: most of them stand in the same few lists."""
    now = clock.now()
    places = {row.chat_id: audience.of_place(Place(row.owner_id, row.group_id)) for row in rows}
    heard: dict[str, list[str]] = {}
    for room, locale in audience.listened({room for rooms in places.values() for room in rooms}):
        heard.setdefault(room, []).append(locale)
    for row in rows:
        drawn: dict[str, str] = {}
        for room in places[row.chat_id]:
            for locale in heard.get(room, ()):
                drawn[locale] = drawn.get(locale) or fragments.row(row, locale, now)
                _add(drawn[locale], f"rows-{row.tab}", f"{room}:{locale}")


def _tell_client(channel_kind: str, chat_id: int) -> None:
    """A hosted channel shows how the dialogue stands; of a closed one only the last request tells the channel."""
    if not channel_kind or registry.is_hosted(channel_kind):
        widget.state_changed(chat_id)


def _ask_in_again(chat_id: int) -> None:
    """Put out whoever has the chat open and say so: each page asks to be let in again, and for its own head.

    A colleague who may no longer see the chat hears nothing more of it.
    """
    for room in audience.of_chat(chat_id):
        wire.emit("moved", {"id": "head"}, room)
        for closed in (room, *(f"{room}:{locale}" for locale in LOCALES)):
            wire.close(closed)


def _leave(chat_id: int, place: Place) -> None:
    for room in audience.of_place(place):
        wire.emit("remove", {"id": f"row-{chat_id}"}, room)
    _count(place, -1)


def _count(place: Place, by: int) -> None:
    tab = "mine" if place.owner_id else "queue"
    for room in audience.of_place(place):
        wire.emit("count", {"id": f"count-{tab}", "by": by}, room)


def _add(html: str, home: str, room: str) -> None:
    wire.emit("fragment", {"html": html, "list": home}, room)
