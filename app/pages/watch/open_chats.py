"""Open chats for supervisors: looked through by group, operator, channel and waiting, and finished together."""

from flask import Response, make_response, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.actions import closing_many
from app.base.numbers import wholes
from app.base.refusal import Refusal
from app.models.chat import MANAGE, Outcome
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.watch import watch
from app.queries import open_chats as chats
from app.queries import topic_choice, topics

menu.entry(_l("Open chats"), "watch.open_chats", MANAGE, 30, wing="watch")

_MOST_TOPICS = 30


@watch.get("/chats")
@needs(MANAGE)
def open_chats() -> Response:
    return _page()


@watch.post("/chats")
@needs(MANAGE)
def finish_many() -> AnyResponse:
    form = request.form
    if "find" in form:  # a search without scripts
        return _page()
    told, comment, later = form.get("outcome", ""), form.get("comment", ""), "later" in form
    outcome = Outcome(told) if told in list(Outcome) else Outcome.SOLVED
    try:
        done = closing_many.finish_many(
            _ids("chat"), outcome, _ids("topic")[:_MOST_TOPICS], comment, viewer(), origin(), now(), topic_later=later
        )
    except Refusal as refusal:
        return _page(problem=refusal.message, status=refusal.status)
    return _page(done=done)


def _page(*, done: closing_many.Done | None = None, problem: str = "", status: int = 200) -> Response:
    """What was entered stays, unless it was done."""
    wish = _wish()
    rows, total = chats.rows(viewer(), wish, now())
    words = request.form.get("words", "").strip()[:80]
    chosen = topic_choice.chosen(_ids("topic")) if not done else []
    offered = topics.find(words) if words else topic_choice.suggested(None, wish.group_id, viewer().person_id, now())
    page = render_template(
        "watch/open_chats.html",
        rows=rows,
        total=total,
        wish=wish,
        now=now(),
        groups=chats.groups(),
        people=chats.people(),
        channels=chats.channels(),
        ticked=set() if done else set(_ids("chat")),
        chosen=chosen,
        offered=[one for one in offered if one.id not in {two.id for two in chosen}],
        words=words,
        done=done,
        problem=problem,
    )
    return make_response(page, status)


def _wish() -> chats.Wish:
    asked = request.args
    return chats.Wish(
        asked.get("group", type=int),
        asked.get("operator", type=int),
        asked.get("channel", type=int),
        asked.get("waits", type=int),
    )


def _ids(name: str) -> list[int]:
    return wholes(request.form.getlist(name))
