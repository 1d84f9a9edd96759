"""What the desk's templates need, gathered once for the whole page, the talk and each of its parts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request

from app.channels import registry
from app.live import audience, fragments
from app.pages.guard import now, viewer
from app.pages.respond import wants_fragment
from app.pages.templating import BANK_NAME
from app.queries import card, chat_list, draft, presence, settings, templates, thread, waits
from app.queries.visible import ChatView

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
    return {
        "tab": tab,
        "wish": wish,
        "asked": _asked(tab, wish),
        "rows": rows,
        "counts": chat_list.counts(viewer()),
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
        "warn": settings.value(waits.WARN),
        "late": settings.value(waits.LATE),
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
    cursor = request.args.get("before", "")
    shown = thread.before(chat.id, cursor) if cursor else thread.latest(chat.id)
    return {
        **parts(chat),
        "flow": flow(shown),
        "before": shown.before,
        "unread_order": _unread(shown.items, chat.unread),
        "card": card.card(chat),
        "people": presence.others(chat.id, viewer().person_id),
    }


def _composer(chat: ChatView) -> dict[str, Any]:
    try:
        limit = registry.channel(chat.channel_kind).limits.text
    except KeyError:
        limit = 0
    kept = draft.text_of(chat.id, viewer()) if chat.open else ""
    if "template" in request.args and chat.can_answer:  # chosen without scripts
        kept += templates.chosen(viewer(), chat, settings.value(BANK_NAME), request.args["template"])
    return {"limit": limit, "draft": kept, "attached": request.args.getlist("attached")}


def _unread(items: Sequence[thread.Item], unread: int) -> str | None:
    """Where the line "new messages" stands: just above the first unread word of the client."""
    client = [item for item in items if isinstance(item, thread.Message) and item.kind == "client"]
    return client[-min(unread, len(client))].order[:-1] if unread and client else None


def _asked(tab: str, wish: chat_list.Wish) -> str:
    """The list's address with all that was asked of it."""
    told = {"tab": tab, "sort": wish.sort, "channel": wish.channel_id or "", "q": wish.words}
    return urlencode({name: value for name, value in told.items() if value and value != chat_list.SORTS[0]})


def _tab_of(chat: ChatView | None) -> str:
    return "queue" if chat is not None and chat.stage == "queue" else "mine"
