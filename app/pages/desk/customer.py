"""The client's card: each part of it is a small form of its own, so that two who edit at once lose nothing."""

from flask import Response, abort, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import customers as changes
from app.actions import unmasking
from app.actions.customers import Seen
from app.models.chat import READ
from app.models.customer import EDIT, SEGMENT
from app.models.memory import UNMASK
from app.pages.desk import desk, draw
from app.pages.guard import needs, now, origin, viewer
from app.pages.respond import done, wants_fragment
from app.queries import customers, visible, whole


@desk.get("/chats/<int:chat_id>/card")
@needs(READ)
def card(chat_id: int) -> Response:
    """The card alone; `edit` names the part that is a form, `back` the one that was."""
    chat = visible.chat(viewer(), chat_id)
    return _drawn(chat) if wants_fragment() else draw.page(chat)


@desk.get("/chats/<int:chat_id>/card/news")
@needs(READ)
def card_news(chat_id: int) -> Response:
    """Whether somebody has changed the card since the `version` that is shown."""
    chat = visible.chat(viewer(), chat_id)
    last, shown = customers.last_change(chat.customer_id), request.args.get("version", 0, type=int)
    news = last if last and last[0] > shown else None
    return make_response(render_template("desk/_card_news.html", chat=chat, version=shown, news=news))


@desk.post("/chats/<int:chat_id>/customer/name")
@needs(EDIT)
def rename_customer(chat_id: int) -> AnyResponse:
    chat = visible.chat(viewer(), chat_id)
    return _saved(chat_id, "name", changes.rename(chat, request.form.get("name", ""), _seen(), viewer(), now()))


@desk.post("/chats/<int:chat_id>/customer/language")
@needs(EDIT)
def customer_speaks(chat_id: int) -> AnyResponse:
    chat = visible.chat(viewer(), chat_id)
    other = changes.speaks(chat, request.form.get("language", ""), _seen(), viewer(), now())
    return _saved(chat_id, "language", other)


@desk.post("/chats/<int:chat_id>/customer/segment")
@needs(SEGMENT)
def customer_belongs(chat_id: int) -> AnyResponse:
    chat = visible.chat(viewer(), chat_id)
    other = changes.belongs(chat, request.form.get("segment", type=int), _seen(), viewer(), now())
    return _saved(chat_id, "segment", other)


@desk.post("/chats/<int:chat_id>/customer/vip")
@needs(EDIT)
def customer_vip(chat_id: int) -> AnyResponse:
    chat = visible.chat(viewer(), chat_id)
    return _saved(chat_id, "vip", changes.mark_vip(chat, "on" in request.form, _seen(), viewer(), now()))


@desk.post("/chats/<int:chat_id>/customer/phones")
@needs(EDIT)
def add_customer_phone(chat_id: int) -> AnyResponse:
    chat = visible.chat(viewer(), chat_id)
    return _saved(chat_id, "phone", changes.add_phone(chat, request.form.get("phone", ""), _seen(), viewer(), now()))


@desk.post("/chats/<int:chat_id>/customer/phones/<int:phone_id>/remove")
@needs(EDIT)
def remove_customer_phone(chat_id: int, phone_id: int) -> AnyResponse:
    chat = visible.chat(viewer(), chat_id)
    return _saved(chat_id, "phone", changes.remove_phone(chat, phone_id, _seen(), viewer(), now()))


@desk.post("/chats/<int:chat_id>/customer/notes")
@needs(EDIT)
def add_customer_note(chat_id: int) -> AnyResponse:
    chat = visible.chat(viewer(), chat_id)
    return _saved(chat_id, "note", changes.note(chat, request.form.get("note", ""), _seen(), viewer(), now()))


@desk.post("/chats/<int:chat_id>/customer/notes/<int:note_id>")
@needs(EDIT)
def edit_customer_note(chat_id: int, note_id: int) -> AnyResponse:
    chat, said = visible.chat(viewer(), chat_id), request.form.get("note", "")
    return _saved(chat_id, f"note:{note_id}", changes.edit_note(chat, note_id, said, _seen(), viewer(), now()))


@desk.post("/chats/<int:chat_id>/customer/notes/<int:note_id>/delete")
@needs(EDIT)
def delete_customer_note(chat_id: int, note_id: int) -> AnyResponse:
    chat = visible.chat(viewer(), chat_id)
    return _saved(chat_id, "note", changes.delete_note(chat, note_id, _seen(), viewer(), now()))


@desk.post("/chats/<int:chat_id>/customer/notes/<int:note_id>/whole")
@needs(UNMASK)
def show_customer_note(chat_id: int, note_id: int) -> AnyResponse:
    """A masked note whole, on this page only."""
    chat = visible.chat(viewer(), chat_id)
    said = whole.note_of(chat.customer_id, note_id)
    if said is None:
        abort(404)
    unmasking.show_note(chat_id, note_id, viewer(), now(), origin())
    if wants_fragment():
        return make_response(render_template("desk/_unmasked.html", said=said))
    return draw.page(chat, whole_notes={note_id: said})


@desk.post("/chats/<int:chat_id>/customer/tags")
@needs(EDIT)
def add_customer_tag(chat_id: int) -> AnyResponse:
    chat = visible.chat(viewer(), chat_id)
    return _saved(chat_id, "tag", changes.tag(chat, request.form.get("tag", 0, type=int), _seen(), viewer(), now()))


@desk.post("/chats/<int:chat_id>/customer/tags/<int:tag_id>/remove")
@needs(EDIT)
def remove_customer_tag(chat_id: int, tag_id: int) -> AnyResponse:
    chat = visible.chat(viewer(), chat_id)
    return _saved(chat_id, "tag", changes.untag(chat, tag_id, _seen(), viewer(), now()))


def _seen() -> Seen:
    return Seen(request.form.get("version", 0, type=int), origin())


def _saved(chat_id: int, part: str, other: str) -> AnyResponse:
    """The card as it stands now, the focus where it was; whose change was replaced is said."""
    told = ""
    if other:
        told = _("%(name)s had changed this a moment earlier. Yours counts; the other is in the history.", name=other)
    if not wants_fragment():
        return done(f"/chats/{chat_id}#card", told or _("Saved"))
    return _drawn(visible.chat(viewer(), chat_id), back=part, told=told)


def _drawn(chat: visible.ChatView, back: str = "", told: str = "") -> Response:
    back = back or request.args.get("back", "")
    return make_response(
        render_template("desk/_card.html", chat=chat, **draw.client(chat), back=back, told=told, pulled=True)
    )
