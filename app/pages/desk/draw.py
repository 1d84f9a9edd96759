"""What the desk's templates need, gathered once for the whole page, the talk and each of its parts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, make_response, render_template, request

from app.actions import reopening, uploads
from app.channels import registry
from app.live import audience, fragments
from app.models.customer import LANGUAGES
from app.pages.desk import unmasking
from app.pages.guard import now, viewer
from app.pages.respond import wants_fragment
from app.pages.templating import BANK_NAME
from app.queries import (
    card,
    chat_list,
    draft,
    offers,
    passages,
    presence,
    reaching,
    settings,
    templates,
    thread,
    waits,
    without_topic,
)
from app.queries.around import around
from app.queries.visible import ChatView

T = TypeVar("T")
TABS = ("mine", "queue", "closed")
_MOST_WORDS = 80


def page(chat: ChatView | None = None, tab: str = "", part: str = "", **values: Any) -> Response:
    """The desk: only the talk for htmx, the whole page for a browser. `part`: a dialog that stands open in it."""
    if wants_fragment():
        return make_response(render_template("desk/_opened.html", **_talk(chat)))
    shown = listed(tab if tab in TABS else _tab_of(chat), chat.id if chat else None, wish=wish())
    return make_response(render_template("desk/chats.html", **(shown | _talk(chat) | {"part": part} | values)))


def listed(
    tab: str, current: int | None = None, before: datetime | None = None, wish: chat_list.Wish = chat_list.PLAIN
) -> dict[str, Any]:
    """The list of one tab."""
    match tab:
        case "queue":
            rows = chat_list.queue(viewer(), wish)
        case "closed":
            rows = chat_list.closed(viewer(), before, wish)
        case _:
            rows = chat_list.mine(viewer(), wish)
    counts = chat_list.counts(viewer())
    return {
        "tab": tab,
        "wish": wish,
        "asked": _asked(tab, wish),
        "rows": rows,
        "counts": counts,
        "topicless": without_topic.count_own(viewer()) if tab == "closed" else 0,
        "offers": offers.cards(viewer(), now()) if counts.offers else [],
        "digest": chat_list.digest(viewer(), tab),
        "window": chat_list.WINDOW,
        "current": current,
        "rooms": audience.queue_rooms(viewer()),
        "now": now(),
    }


def wish() -> chat_list.Wish:
    """What the address asks of the list."""
    sort = request.args.get("sort", "")
    return chat_list.Wish(
        sort if sort in chat_list.SORTS else chat_list.SORTS[0],
        request.args.get("channel", type=int),
        request.args.get("q", "").strip()[:_MOST_WORDS],
    )


def parts(chat: ChatView) -> dict[str, Any]:
    """Head, composer and what they depend on."""
    return {"chat": chat, "now": now(), **head(chat), **_composer(chat)}


def head(chat: ChatView) -> dict[str, Any]:
    """What only the head says: whether the chat was set aside, and after how long a client has waited too long."""
    return {
        "aside": waits.aside(chat.id) if chat.open else None,
        "handing": offers.handing(chat.id, now()) if chat.open else None,
        "warn": settings.value(waits.WARN),
        "late": settings.value(waits.LATE),
    }


def client(chat: ChatView) -> dict[str, Any]:
    """The client's card; `edit` in the address says which part of it is a form now."""
    edit = request.args.get("edit", "")
    return {
        "card": card.card(chat, viewer()),
        "edit": edit,
        "segments_of": card.segments() if edit == "segment" else (),
        "tags_of": card.tags() if edit == "tag" else (),
        "written": LANGUAGES,
    }


def flow(page: thread.Page) -> list[dict[str, Any]]:
    """Lines of days, bubbles and events, in the order shown."""
    lines: list[dict[str, Any]] = []
    last = ""
    for item in page.items:
        day = fragments.day(item.at)
        if day["id"] != last:
            lines.append({"day": day})
            last = day["id"]
        lines.append({"item": item})
    return lines


def _talk(chat: ChatView | None) -> dict[str, Any]:
    if chat is None:
        return {"chat": None, "now": now()}
    shown = _page(chat.id)
    return {
        **parts(chat),
        "flow": flow(_revealed(chat.id, shown)),
        "before": shown.before,
        "after": shown.after,
        "unread_order": _unread(shown.items, chat.unread),
        **client(chat),
        "people": presence.others(chat.id, viewer().person_id),
    }


def _page(chat_id: int) -> thread.Page:
    """The newest of the talk; `before` a cursor, or around the message `at` that was searched for."""
    if cursor := request.args.get("before", ""):
        return thread.before(chat_id, cursor)
    found = around(chat_id, at) if (at := request.args.get("at", type=UUID)) else None
    return found or thread.latest(chat_id)


def _revealed(chat_id: int, page: thread.Page) -> thread.Page:
    """The same page with the message, or the file's name, whole that this person was just shown, without scripts."""
    at, ticket = request.args.get("at", type=UUID), request.args.get("shown", "")
    if (file_id := request.args.get("file", type=UUID)) is not None:
        name = unmasking.shown_name(chat_id, file_id, ticket)
        return page if name is None else replace(page, items=tuple(_named(one, file_id, name) for one in page.items))
    said = unmasking.shown(chat_id, at, ticket)
    if said is None:
        return page
    items = tuple(
        replace(one, text=said, hidden=False) if isinstance(one, thread.Message) and one.said_id == at else one
        for one in page.items
    )
    return replace(page, items=items)


def _named(item: T, file_id: UUID, name: str) -> T:
    """The same with the file's name whole, also in the parts of an album."""
    if not isinstance(item, thread.Message) or all(one.id != file_id for one in item.files):
        return item
    files = tuple(replace(one, name=name, hidden=False) if one.id == file_id else one for one in item.files)
    return replace(item, files=files, parts=tuple(_named(part, file_id, name) for part in item.parts))


def _composer(chat: ChatView) -> dict[str, Any]:
    try:
        limit = registry.channel(chat.channel_kind).limits.text
    except KeyError:
        limit = 0
    kept = draft.text_of(chat.id, viewer()) if chat.open else ""
    if "template" in request.args and chat.can_answer:  # chosen without scripts
        kept += templates.chosen(viewer(), chat, settings.value(BANK_NAME), request.args["template"])
    return {
        "limit": limit,
        "largest": uploads.LARGEST,
        "draft": kept,
        "attached": request.args.getlist("attached"),
        "places": passages.reachable(chat.customer_id) if chat.can_answer else [],
        "closed_why": "" if chat.open else _why_not(chat.id),
    }


def _why_not(chat_id: int) -> str:
    """Why the client of a finished chat cannot be written to first; "" when he can."""
    place = reaching.last_place(chat_id, now())
    if place is not None and not place.why_not:
        return ""
    return reopening.WHY[place.why_not if place else "rules"]().message


def _unread(items: Sequence[thread.Item], unread: int) -> str | None:
    """Where the line "new messages" stands: just above the first unread word of the client."""
    words = [item for item in items if isinstance(item, thread.Message) and item.kind == "client"]
    client = [word for word in words for _part in word.parts or (word,)]
    return client[-min(unread, len(client))].order[:-1] if unread and client else None


def _asked(tab: str, wish: chat_list.Wish) -> str:
    """The list's address with all that was asked of it."""
    told = {"tab": tab, "sort": wish.sort, "channel": wish.channel_id or "", "q": wish.words}
    return urlencode({name: value for name, value in told.items() if value and value != chat_list.SORTS[0]})


def _tab_of(chat: ChatView | None) -> str:
    return "queue" if chat is not None and chat.stage == "queue" else "mine"
