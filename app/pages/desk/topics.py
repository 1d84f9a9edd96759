"""Topics of chats: found while one types, given to a chat at any time, and what a client's chats were about."""

from typing import Any

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import episode_topics
from app.base.numbers import wholes
from app.models.chat import ANSWER, READ, Outcome
from app.pages.desk import desk
from app.pages.guard import needs, now, viewer
from app.pages.respond import done, wants_fragment
from app.queries import episodes, topic_choice, topic_history, topics, visible, without_topic
from app.queries.visible import ChatView

MOST = 30  # topics of one chat


@desk.get("/topics/find")
@needs(READ)
def find_topics() -> Response:
    """Topics with these words; without words those that are likely in this chat."""
    words = request.args.get("words", "").strip()[:80]
    return make_response(render_template("parts/_topic_options.html", offered=_offered(words), words=words))


@desk.get("/chats/without-topic")
@needs(ANSWER)
def own_without_topic() -> Response:
    return make_response(render_template("desk/without_topic.html", rows=without_topic.own(viewer())))


@desk.get("/chats/<int:chat_id>/topics")
@needs(READ)
def topics_of_chat(chat_id: int) -> Response:
    """What this client's finished chats were about."""
    chat = visible.chat(viewer(), chat_id)
    page = max(1, request.args.get("page", 1, type=int))
    wish = topic_history.Wish(today="today" in request.args, page=page)
    found = topic_history.history(viewer(), wish, str(get_locale()), chat_id)
    return make_response(render_template("desk/topics.html", chat=chat, found=found, wish=wish))


@desk.get("/chats/<int:chat_id>/episodes/<int:number>/topics")
@needs(ANSWER)
def topics_form(chat_id: int, number: int) -> Response:
    return _form(visible.chat(viewer(), chat_id), number)


@desk.post("/chats/<int:chat_id>/episodes/<int:number>/topics")
@needs(ANSWER)
def give_topics(chat_id: int, number: int) -> AnyResponse:
    chat = visible.chat(viewer(), chat_id)
    if "find" in request.form:  # a search without scripts
        return _form(chat, number)
    told = request.form.get("outcome", "")
    outcome = Outcome(told) if told in list(Outcome) else None
    episode_topics.give(chat_id, number, picked(), viewer(), now(), outcome)
    return done(_back(chat_id), _("Topics saved"))


def picked() -> list[int]:
    """The topics that the form ticks."""
    return list(dict.fromkeys(wholes(request.form.getlist("topic"))))[:MOST]


def _offered(words: str) -> list[topics.Choice]:
    if words:
        return topics.find(words)
    chat_id = request.args.get("chat", type=int)
    chat = visible.chat(viewer(), chat_id) if chat_id else None
    return topic_choice.suggested(chat_id, chat.group_id if chat else None, viewer().person_id, now())


def _form(chat: ChatView, number: int) -> Response:
    episode = episodes.one(chat.id, number) or abort(404)
    words = request.form.get("words", "").strip()
    chosen = topic_choice.chosen(picked()) if request.form else topic_choice.of_episode(episode.id)
    has = {one.id for one in chosen}
    offered = topics.find(words) if words else topic_choice.suggested(chat.id, chat.group_id, viewer().person_id, now())
    values: dict[str, Any] = {
        "chat": chat,
        "episode": episode,
        "chosen": chosen,
        "offered": [one for one in offered if one.id not in has],
        "words": words,
        "back": _back(chat.id),
    }
    template = "desk/_topics_form.html" if wants_fragment() else "desk/topics_form.html"
    return make_response(render_template(template, **values))


def _back(chat_id: int) -> str:
    """Where the form was opened from."""
    places = {"own": "desk.own_without_topic", "watch": "watch.everybodys_without_topic"}
    place = places.get(request.values.get("from", ""))
    return url_for(place) if place else f"/chats/{chat_id}"
