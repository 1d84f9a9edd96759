"""The operators' board and the board of the queue (clauses 7.5, 7.7, 8.2)."""

from flask import Response, make_response, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from app.actions import duty
from app.live import audience
from app.models.chat import MANAGE
from app.models.dispatch import STOP
from app.pages import menu
from app.pages.guard import needs, now, origin, viewer
from app.pages.respond import done, wants_fragment
from app.pages.watch import watch
from app.queries import boards, moving, recipients, staff, visible
from app.queries.impossible import FLAWS

menu.entry(_l("Operators"), "watch.operators", MANAGE, 10, wing="watch")
menu.entry(_l("Queue"), "watch.queue", MANAGE, 20, wing="watch")


@watch.get("/operators")
@needs(MANAGE)
def operators() -> Response:
    group_id, everybody = request.args.get("group", type=int), "all" in request.args
    rows = boards.operators(now(), group_id, everybody)
    mine = staff.supervised(viewer(), [one.person_id for one in rows])
    return _drawn("operators", rows=rows, group_id=group_id, everybody=everybody, mine=mine)


@watch.get("/queue")
@needs(MANAGE)
def queue() -> Response:
    group_id, language = request.args.get("group", type=int), request.args.get("language") or None
    rows = boards.lines(now(), group_id, language)
    return _drawn("queue", rows=rows, group_id=group_id, language=language)


@watch.post("/operators/<int:person_id>/status")
@needs(MANAGE)
def set_status(person_id: int) -> AnyResponse:
    duty.set_for(person_id, request.form.get("status", 0, type=int), viewer(), origin(), now())
    return done("/watch/operators")


def _drawn(board: str, **values: object) -> Response:
    """The board alone for a refetch, the whole page for a browser."""
    common = {
        "board": board,
        "here": request.full_path.rstrip("?"),
        "now": now(),
        "sums": boards.sums(now()),
        "mended": boards.mended(now()),
        "flaws": FLAWS,
        "groups": recipients.groups(),
        "colleagues": [one for one in recipients.colleagues(None) if one.at_work],
        "undoable": moving.undoable(viewer().person_id, now()),
        "may_stop": viewer().may(STOP),
        "manages": lambda group_id: visible.in_scope(viewer(), MANAGE, group_id),
        "statuses": boards.statuses(),
        "rooms": audience.queue_rooms(viewer()),
    }
    template = f"watch/_{board}.html" if wants_fragment() else f"watch/{board}.html"
    return make_response(render_template(template, **common, **values))
