"""Who answers: take the next, take this one, accept, return, transfer."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from app.actions import offers, routing
from app.base.numbers import whole
from app.models.chat import ANSWER, READ, TAKE
from app.pages.desk import desk, draw
from app.pages.guard import needs, now, viewer
from app.pages.respond import done, wants_fragment
from app.queries import offers as offered
from app.queries import recipients, visible


@desk.post("/chats/next")
@needs(TAKE)
def take_next() -> AnyResponse:
    return opened(routing.take_next(viewer(), now()))


@desk.post("/chats/<int:chat_id>/take")
@needs(READ)
def take(chat_id: int) -> AnyResponse:
    visible.chat(viewer(), chat_id)
    routing.take(chat_id, viewer(), now())
    return opened(chat_id)


@desk.get("/chats/offers")
@needs(ANSWER)
def offer_cards() -> Response:
    """What is offered to this person now."""
    return make_response(render_template("desk/_offers.html", offers=offered.cards(viewer(), now()), now=now()))


@desk.post("/chats/<int:chat_id>/accept")
@needs(ANSWER)
def accept(chat_id: int) -> AnyResponse:
    visible.offered(viewer(), chat_id)
    offers.accept(chat_id, viewer(), now())
    return opened(chat_id)


@desk.post("/chats/<int:chat_id>/decline")
@needs(ANSWER)
def decline(chat_id: int) -> AnyResponse:
    visible.offered(viewer(), chat_id)
    offers.decline(chat_id, viewer(), now())
    return done("/chats")


@desk.post("/chats/<int:chat_id>/recall")
@needs(ANSWER)
def recall(chat_id: int) -> AnyResponse:
    """A transfer that nobody has accepted yet."""
    visible.chat(viewer(), chat_id)
    offers.take_back(chat_id, viewer(), now())
    return opened(chat_id)


@desk.post("/chats/<int:chat_id>/return")
@needs(ANSWER)
def give_back(chat_id: int) -> AnyResponse:
    visible.chat(viewer(), chat_id)
    routing.give_back(chat_id, viewer(), now())
    return opened(chat_id)


@desk.get("/chats/<int:chat_id>/transfer")
@needs(ANSWER)
def transfer_form(chat_id: int) -> Response:
    chat = visible.chat(viewer(), chat_id)
    values: dict[str, Any] = {"colleagues": recipients.colleagues(chat.owner_id), "groups": recipients.groups()}
    if wants_fragment():
        return make_response(render_template("desk/_transfer.html", chat=chat, **values))
    return draw.page(chat, part="desk/_transfer.html", **values)


@desk.post("/chats/<int:chat_id>/transfer")
@needs(ANSWER)
def transfer(chat_id: int) -> AnyResponse:
    visible.chat(viewer(), chat_id)
    kind, _, of = request.form.get("to", "").partition(":")
    number = whole(of)
    if kind not in ("person", "group") or number is None:
        raise routing.NoSuchColleague
    whom: dict[str, Any] = {f"to_{kind}": number}
    offers.transfer(chat_id, viewer(), now(), note=request.form.get("note", ""), **whom)
    return opened(chat_id)


def opened(chat_id: int) -> AnyResponse:
    """The chat as it stands after a verb; the empty desk when it is no longer this person's to see."""
    try:
        chat = visible.chat(viewer(), chat_id)
    except visible.NotVisible:
        chat = None
    url = f"/chats/{chat_id}" if chat else "/chats"
    if not wants_fragment():
        return redirect(url, 303)
    answer = draw.page(chat)
    answer.headers["HX-Push-Url"] = url
    return answer
