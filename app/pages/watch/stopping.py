"""Stop an operator, hand a group's chats or a selection out; undo within a minute (clauses 7.5, 7.7)."""

from collections.abc import Sequence

from flask import Response, abort, flash, make_response, redirect, render_template, request
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from app.actions import moving
from app.base.numbers import whole, wholes
from app.models.chat import MANAGE
from app.models.dispatch import STOP
from app.pages.guard import needs, now, origin, viewer
from app.pages.watch import watch
from app.queries import duty, recipients, staff
from app.queries import moving as planned
from app.queries import people as known


@watch.get("/operators/<int:person_id>/stop")
@needs(STOP)
def stop_form(person_id: int) -> Response:
    """Who would get what, before anything is done."""
    person = known.one(person_id)
    if person is None:
        abort(404)
    staff.must_supervise(viewer(), person_id)
    return _form("stop", person.name, planned.held(person_id), f"/watch/operators/{person_id}/stop", but=person_id)


@watch.post("/operators/<int:person_id>/stop")
@needs(STOP)
def stop(person_id: int) -> AnyResponse:
    moving.stop(person_id, _target(), request.form.get("reason", ""), viewer(), origin(), now())
    return redirect("/watch/operators", 303)


@watch.get("/operators/<int:person_id>/move")
@needs(MANAGE)
def move_form(person_id: int) -> Response:
    """All chats of an operator, who goes on working; of a stranger's those of one's own groups."""
    person = known.one(person_id)
    if person is None:
        abort(404)
    chat_ids = _managed(planned.held(person_id))
    if not chat_ids:
        staff.must_supervise(viewer(), person_id)
    return _form("move", person.name, chat_ids, "/watch/move", but=person_id)


@watch.get("/move")
@needs(MANAGE)
def move_many_form() -> Response:
    """A whole group's chats, or those chosen on the board of the queue."""
    group_id = request.args.get("group", type=int)
    if group_id:
        staff.must_manage_group(viewer(), group_id)
    chat_ids = planned.of_group(group_id) if group_id else _chosen(request.args.getlist("chat"))
    return _form("move", "", _managed(chat_ids), "/watch/move")


@watch.post("/move")
@needs(MANAGE)
def move() -> AnyResponse:
    chat_ids = _chosen(request.form.getlist("chat"))
    moving.move(chat_ids, _target(), request.form.get("reason", ""), viewer(), origin(), now())
    return redirect("/watch/queue" if request.form.get("from") != "operators" else "/watch/operators", 303)


@watch.post("/stops/<int:stop_id>/undo")
@needs(MANAGE)
def undo(stop_id: int) -> AnyResponse:
    back = moving.undo(stop_id, viewer(), origin(), now())
    flash(ngettext("%(num)s chat is back where it was", "%(num)s chats are back where they were", back), "good")
    return redirect(request.referrer or "/watch/operators", 303)


def _form(what: str, name: str, chat_ids: Sequence[int], action: str, but: int | None = None) -> Response:
    values = {
        "what": what,
        "name": name,
        "action": action,
        "but": but,
        "moves": planned.preview(chat_ids, but, now()),
        "groups": recipients.groups(),
        "colleagues": [one for one in recipients.colleagues(but) if one.at_work],
        "serving": duty.duty_of(but) is not None if but else False,
    }
    return make_response(render_template("watch/moving.html", **values))


def _target() -> moving.Target:
    """`to` is rules, queue, person:7 or group:3."""
    how, _, of = request.form.get("to", "").partition(":")
    if how in ("rules", "queue"):
        return moving.Target(how)
    number = whole(of)
    if how in ("person", "group") and number is not None:
        return moving.Target(how, number)
    raise moving.NobodyChosen


def _managed(chat_ids: Sequence[int]) -> list[int]:
    return planned.managed(viewer(), chat_ids)


def _chosen(told: Sequence[str]) -> list[int]:
    return sorted(set(wholes(told)))[:1000]
