"""Finish a chat, always through its panel (clause 9.3)."""

from flask import Response, make_response, render_template, request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.actions import closing
from app.base.refusal import Refusal
from app.models.chat import ANSWER, Outcome
from app.models.names import pick
from app.models.topic import TOPICS
from app.pages.desk import desk, draw
from app.pages.desk.routing import opened
from app.pages.guard import needs, now, viewer
from app.pages.respond import wants_fragment
from app.queries import lists, visible


class NoTopic(Refusal):
    notice = _l("Choose a topic, or press “Finish, topic later”.")
    status = 422


@desk.get("/chats/<int:chat_id>/finish")
@needs(ANSWER)
def finish_form(chat_id: int) -> Response:
    chat = visible.chat(viewer(), chat_id)
    if wants_fragment():
        return make_response(render_template("desk/_finish.html", chat=chat, topics=_topics()))
    return draw.page(chat, part="desk/_finish.html", topics=_topics())


@desk.post("/chats/<int:chat_id>/finish")
@needs(ANSWER)
def finish(chat_id: int) -> AnyResponse:
    visible.chat(viewer(), chat_id)
    topics = [int(one) for one in request.form.getlist("topic") if one.isdecimal()]
    if not topics and "later" not in request.form:
        raise NoTopic
    outcome = request.form.get("outcome", "")
    chosen = Outcome(outcome) if outcome in list(Outcome) else Outcome.SOLVED
    closing.finish(chat_id, chosen, topics, request.form.get("comment", ""), viewer(), now())
    return opened(chat_id)


def _topics() -> list[tuple[int, str]]:
    """Every topic with its whole path: Cards › Blocking › Unblocking."""
    found: list[tuple[int, str]] = []
    path: list[str] = []
    for topic, level in lists.branches(lists.rows(TOPICS)):
        path[level - 1 :] = [pick(topic.names, str(get_locale()))]
        found.append((topic.id, " › ".join(path)))
    return found
