"""What an operator says in a chat: to the client, to colleagues, or not yet."""

from uuid import UUID

from flask import Response, abort, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import reply
from app.base.asks import asks_for_secret
from app.base.scripts import detect_script, to_cyrillic, to_latin
from app.models.chat import ANSWER, READ
from app.pages.desk import desk, draw
from app.pages.guard import needs, now, viewer
from app.pages.respond import done, fragment, wants_fragment
from app.queries import colleagues, visible
from app.queries.visible import ChatView

_MOST_WORDS, _MOST_SHOWN = 80, 60


@desk.post("/chats/<int:chat_id>/say")
@needs(ANSWER)
def say(chat_id: int) -> AnyResponse:
    chat = visible.chat(viewer(), chat_id)
    _meant("reply")
    if asks_for_secret(_text()) and not request.form.get("confirmed"):
        return _asked_first(chat)
    reply.say(
        chat_id,
        _text(),
        viewer(),
        now(),
        client_id=request.form.get("client_id", "")[:64],
        reply_to=_id(request.form.get("reply_to", "")),
        identity_id=request.form.get("place", type=int),
        file_ids=[found for found in map(_id, request.form.getlist("file")) if found],
        undoable=viewer().undo,
    )
    return done(f"/chats/{chat_id}")


def _asked_first(chat: ChatView) -> AnyResponse:
    """A soft warning: sent only when the operator sends the same once more."""
    if not wants_fragment():
        return draw.page(chat, draft=_text(), confirm=True)
    told = _("The answer seems to ask for a code, a PIN or a CVV.")
    advice = _("Nobody may ask a client for them. Send it again only if you are sure.")
    answer = fragment("parts/_toast.html", 422, text=f"{told} {advice}", kind="bad")
    answer.headers["X-Confirm"] = "secret"
    return answer


@desk.post("/chats/<int:chat_id>/note")
@needs(READ)
def note(chat_id: int) -> AnyResponse:
    visible.chat(viewer(), chat_id)
    _meant("note")
    named = request.form.getlist("mention", type=int)
    reply.note(chat_id, _text(), viewer(), now(), client_id=request.form.get("client_id", "")[:64], named=named)
    return done(f"/chats/{chat_id}")


@desk.get("/chats/<int:chat_id>/colleagues")
@needs(READ)
def chat_colleagues(chat_id: int) -> Response:
    """Whom a note may name; `q` is how the name begins."""
    visible.chat(viewer(), chat_id)
    found = colleagues.found(chat_id, viewer(), request.args.get("q", "")[:_MOST_WORDS])
    return make_response(render_template("desk/_colleagues.html", colleagues=found[:_MOST_SHOWN]))


@desk.post("/chats/<int:chat_id>/draft")
@needs(ANSWER)
def keep_draft(chat_id: int) -> AnyResponse:
    visible.chat(viewer(), chat_id)
    reply.keep_draft(chat_id, _text(), viewer(), now())
    return done(f"/chats/{chat_id}")


@desk.post("/chats/<int:chat_id>/seen")
@needs(READ)
def seen(chat_id: int) -> AnyResponse:
    visible.chat(viewer(), chat_id)
    reply.seen(chat_id, viewer(), now())
    return done(f"/chats/{chat_id}")


@desk.post("/chats/<int:chat_id>/retry/<uuid:message_id>")
@needs(ANSWER)
def retry(chat_id: int, message_id: UUID) -> AnyResponse:
    if visible.message(viewer(), message_id).chat_id != chat_id:
        abort(404)
    reply.retry(message_id, chat_id, viewer(), now())
    return done(f"/chats/{chat_id}")


@desk.post("/chats/script")
@needs(ANSWER)
def script() -> Response:
    """What was typed, in the other Uzbek alphabet."""
    typed = _text()[: reply.LONGEST]
    turned = to_latin(typed) if detect_script(typed) == "cyrillic" else to_cyrillic(typed)
    return Response(turned, content_type="text/plain; charset=utf-8")


def _text() -> str:
    return request.form.get("text", "").replace("\r\n", "\n")


def _meant(mode: str) -> None:
    """The page says what it showed; a note can never go to the client because two scripts met."""
    if request.form.get("mode") not in (None, "", mode):
        abort(400)


def _id(told: str) -> UUID | None:
    try:
        return UUID(told)
    except ValueError:
        return None
