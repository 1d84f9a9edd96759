"""Templates at the desk: choosing one into the answer, and one's own."""

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import template_files
from app.actions import templates as changes
from app.models.chat import ANSWER
from app.models.template import VARIABLES
from app.pages.desk import desk, draw
from app.pages.guard import needs, now, viewer
from app.pages.respond import done, wants_fragment
from app.pages.templating import BANK_NAME
from app.queries import draft, settings, templates, visible

_MOST_WORDS = 80


@desk.get("/chats/<int:chat_id>/templates")
@needs(ANSWER)
def picker(chat_id: int) -> Response:
    """What may be chosen; `q` narrows it."""
    chat = visible.chat(viewer(), chat_id)
    words = request.args.get("q", "")[:_MOST_WORDS]
    shown: dict[str, Any] = {
        "offered": templates.offered(viewer(), chat, settings.value(BANK_NAME), words),
        "words": words,
    }
    if wants_fragment():
        return make_response(render_template("desk/_picker.html", chat=chat, **shown))
    return draw.page(chat, **shown)


@desk.post("/templates/used")
@needs(ANSWER)
def template_used() -> AnyResponse:
    changes.count_use(request.form.get("key", ""), viewer())
    return done("/chats")


@desk.get("/chats/<int:chat_id>/templates/new")
@needs(ANSWER)
def new_template(chat_id: int) -> Response:
    """A template of one's own, begun with what is being written."""
    chat = visible.chat(viewer(), chat_id)
    return _form(chat, None, "", draft.text_of(chat_id, viewer()), "")


@desk.post("/chats/<int:chat_id>/templates/new")
@needs(ANSWER)
def keep_template(chat_id: int) -> AnyResponse:
    visible.chat(viewer(), chat_id)
    changes.keep(request.form.get("name", ""), _text(), viewer(), **_beside(chat_id))
    return _kept(chat_id)


@desk.get("/chats/<int:chat_id>/templates/<int:template_id>")
@needs(ANSWER)
def own_template(chat_id: int, template_id: int) -> Response:
    chat, row = visible.chat(viewer(), chat_id), templates.own(viewer(), template_id)
    return _form(chat, template_id, row.name, row.text, row.folder) if row else abort(404)


@desk.post("/chats/<int:chat_id>/templates/<int:template_id>")
@needs(ANSWER)
def change_template(chat_id: int, template_id: int) -> AnyResponse:
    visible.chat(viewer(), chat_id)
    changes.keep(request.form.get("name", ""), _text(), viewer(), template_id, **_beside(chat_id))
    return _kept(chat_id)


@desk.post("/chats/<int:chat_id>/templates/<int:template_id>/remove")
@needs(ANSWER)
def remove_template(chat_id: int, template_id: int) -> AnyResponse:
    visible.chat(viewer(), chat_id)
    changes.remove(template_id, viewer())
    return _kept(chat_id)


@desk.post("/chats/<int:chat_id>/templates/<key>/files")
@needs(ANSWER)
def attach_template_files(chat_id: int, key: str) -> AnyResponse:
    """The files of a chosen template, into the composer. Without scripts the page comes back with text and files."""
    visible.chat(viewer(), chat_id)
    attached = template_files.attach(chat_id, key, viewer(), now())
    if wants_fragment():
        tiles = [render_template("desk/_attached.html", id=file_id, name=name) for file_id, name in attached]
        return make_response("\n".join(tiles))
    asked = urlencode([("template", key), *(("attached", str(file_id)) for file_id, _name in attached)])
    return redirect(f"/chats/{chat_id}?{asked}", 303)


def _beside(chat_id: int) -> dict[str, Any]:
    """The folder, and what waits in the composer to go with the template."""
    found = []
    for told in request.form.getlist("file"):
        with suppress(ValueError):
            found.append(UUID(told))
    return {"folder": request.form.get("folder", ""), "attached": (chat_id, found, now())}


def _form(chat: visible.ChatView, template_id: int | None, name: str, said: str, folder: str) -> Response:
    values: dict[str, Any] = {"template_id": template_id, "name": name, "said": said, "folder": folder}
    values["variables"] = VARIABLES
    if wants_fragment():
        return make_response(render_template("desk/_template.html", chat=chat, **values))
    return draw.page(chat, part="desk/_template.html", **values)


def _kept(chat_id: int) -> AnyResponse:
    """For scripts the panel goes, and a word says that it is kept."""
    if wants_fragment():
        return make_response(render_template("desk/_template_kept.html"))
    return done(f"/chats/{chat_id}/templates", _("Saved"))


def _text() -> str:
    return request.form.get("text", "").replace("\r\n", "\n")
