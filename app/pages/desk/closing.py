"""Finish a chat, always through its panel (clause 9.3)."""

from datetime import datetime
from typing import Any

from flask import Response, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.actions import closing
from app.base.refusal import Refusal
from app.models.chat import ANSWER, Outcome
from app.pages.desk import desk, draw
from app.pages.desk.routing import opened
from app.pages.desk.topics import picked
from app.pages.guard import needs, now, viewer
from app.pages.respond import wants_fragment
from app.queries import topic_choice, topics, visible
from app.queries.visible import ChatView


@desk.get("/chats/<int:chat_id>/finish")
@needs(ANSWER)
def finish_form(chat_id: int) -> Response:
    return _panel(visible.chat(viewer(), chat_id))


@desk.post("/chats/<int:chat_id>/finish")
@needs(ANSWER)
def finish(chat_id: int) -> AnyResponse:
    chat, form = visible.chat(viewer(), chat_id), request.form
    if "find" in form:  # a search without scripts
        return _panel(chat)
    options: dict[str, Any] = {"topic_later": "later" in form, "seen": _moment(form.get("drawn", ""))}
    try:
        closing.finish(chat_id, _outcome(), picked(), form.get("comment", ""), viewer(), now(), **options)
    except (closing.TopicRequired, closing.Unanswered) as refusal:
        return _panel(visible.chat(viewer(), chat_id), refusal)
    return opened(chat_id)


def _panel(chat: ChatView, refusal: Refusal | None = None) -> Response:
    """The panel with what was entered so far, or with what the chat has."""
    words = request.form.get("words", "").strip()
    chosen = topic_choice.chosen(picked()) if request.form else topic_choice.of_episode(chat.episode_id)
    offered = topics.find(words) if words else topic_choice.suggested(chat.id, chat.group_id, viewer().person_id, now())
    values: dict[str, Any] = {
        "problem": refusal.message if refusal else "",
        "outcome": _outcome().value,
        "chosen": chosen,
        "offered": [one for one in offered if one.id not in {two.id for two in chosen}],
        "words": words,
        "comment": request.form.get("comment", ""),
        "drawn": now(),
    }
    if wants_fragment():
        answer = make_response(render_template("desk/_finish.html", chat=chat, **values))
    else:
        answer = draw.page(chat, part="desk/_finish.html", **values)
    if refusal:  # in the place of the talk that a finished chat would have
        answer.status_code = refusal.status
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#finish", "outerHTML"
    return answer


def _outcome() -> Outcome:
    told = request.form.get("outcome", "")
    return Outcome(told) if told in list(Outcome) else Outcome.SOLVED


def _moment(told: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        return None
    return found if found.tzinfo else None
