"""The history: every chat one may see, and what was said in them (clause 8.4). Searching is journalled."""

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from app.actions import journal
from app.base import crypt
from app.base.clock import read_day
from app.base.fold import fold
from app.base.masks import without_secrets
from app.base.numbers import whole
from app.models.chat import READ, Outcome
from app.models.journal import declare as declare_kind
from app.pages import menu
from app.pages.desk import desk
from app.pages.guard import needs, now, origin, viewer
from app.queries import history, search
from app.queries.search import Wish

menu.entry(_l("History"), "desk.chat_history", READ, 14)

SEARCHED = declare_kind("chats.searched", _l("Chats searched"))
_MOST_WORDS = 120


@desk.get("/history")
@needs(READ)
def chat_history() -> Response:
    wanted = asked_for(request.args)
    given = {name: value for name, value in request.args.items() if value and name not in ("after", "chats")}
    if wanted.anything:
        journal.saw(SEARCHED, viewer(), now(), origin(), of=("search", _digest(given)), **_noted(wanted))
    page = render_template(
        "desk/history.html",
        wanted=wanted,
        choices=history.choices(),
        given=given,
        asked="after" in request.args,
        newest=url_for("desk.chat_history", **given),  # type: ignore[arg-type]
        **(_found(wanted) if wanted.words else _listed(wanted)),
    )
    return make_response(page)


def asked_for(given: Mapping[str, str]) -> Wish:
    """What a form asks for; what cannot be read is not asked for."""
    outcome = given.get("outcome", "")
    return Wish(
        words=given.get("q", "").strip()[:_MOST_WORDS],
        chat_id=whole(given.get("chat", "")),
        owner_id=whole(given.get("owner", "")),
        channel_id=whole(given.get("channel", "")),
        topic_id=whole(given.get("topic", "")),
        outcome=outcome if outcome in ("open", *Outcome) else "",
        rating=whole(given.get("rating", "")),
        since=read_day(given.get("since", "")),
        until=read_day(given.get("until", "")),
    )


def _found(wanted: Wish) -> dict[str, Any]:
    """Clients that are meant, on the first page only, and messages that have the words."""
    after = request.args.get("after", "")
    try:
        found = search.messages(viewer(), wanted, after)
    except ValueError:
        abort(404)
    lines = () if after else history.clients(viewer(), wanted)
    return {"lines": lines, "hits": found.hits, "more": _further(found.after), "stopped": found.stopped}


def _listed(wanted: Wish) -> dict[str, Any]:
    try:
        found = history.chats(viewer(), wanted, request.args.get("after", ""))
    except (ValueError, OverflowError):
        abort(404)
    return {"lines": found.lines, "hits": (), "more": _further(found.after), "stopped": found.stopped}


def _further(after: str | None) -> str | None:
    if after is None:
        return None
    kept = {name: value for name, value in request.args.items() if value and name != "after"}
    return url_for("desk.chat_history", **kept, after=after)  # type: ignore[arg-type]


def _noted(wanted: Wish) -> dict[str, Any]:
    """What the journal keeps of a search, sealed: folded words, without numbers of cards and documents."""
    told = {name: value for name, value in vars(wanted).items() if value not in (None, "")}
    return told | ({"words": fold(without_secrets(wanted.words))} if wanted.words else {})


def _digest(given: Mapping[str, str]) -> str:
    return crypt.keyed_hash("search", repr(sorted(given.items()))).hex()[:12]
