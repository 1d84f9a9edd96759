"""What the chat's page asks and does, answered in JSON: ready fragments, how it stands, the revision it is at."""

from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Response, jsonify, request

from app.actions import widget as verbs
from app.actions import widget_entry
from app.live import widget as live
from app.pages import guard
from app.pages.doors import doors
from app.pages.doors import widget_gate as gate
from app.pages.doors.widget_gate import told
from app.pages.guard import now, public
from app.queries import widget, widget_talk
from app.queries.widget import Door, Here, Home, Visitor


@doors.post("/widget/<key>/session")
@public
@told
def widget_session(door: Door) -> Response:
    """Enter with the browser's token, and with the site's word on who it is."""
    token, proof = gate.newcomer(), gate.wish().get("proof", "")
    chosen = gate.chosen()
    return _talk(widget_entry.enter(door, token, str(proof), gate.language(), now(), chosen=chosen))


@doors.get("/widget/<key>/talk")
@public
@told
def widget_changes(door: Door) -> Response:
    """The newest, or what is older than `before`, or what changed since the revision `since`."""
    return _talk(gate.visitor(door))


@doors.post("/widget/<key>/messages")
@public
@told
def widget_say(door: Door) -> Response:
    """A word or one file. Answered with whatever changed since the revision the page knows."""
    visitor = gate.speaker(door)
    form, sent = request.form, request.files.get("file")
    file = (cast(BinaryIO, sent.stream), sent.filename) if sent is not None and sent.filename else None
    said, chosen = form.get("text", ""), gate.chosen()
    with gate.answering():
        here = verbs.say(door, visitor, form.get("id", ""), said, file, guard.address(), now(), chosen=chosen)
    return _told(visitor, here)


@doors.post("/widget/<key>/marks")
@public
@told
def widget_mark(door: Door) -> Response:
    """The page has shown the bank's words up to this one, or the client has read them."""
    asked, home = gate.wish(), gate.home(door)
    try:
        upto = UUID(str(asked.get("upto")))
    except ValueError:
        return Response(status=400)
    verbs.mark(home, upto, str(asked.get("state")), now())
    return Response(status=204)


@doors.post("/widget/<key>/finish")
@public
@told
def widget_finish(door: Door) -> Response:
    """The client ends the dialogue."""
    verbs.finish(gate.home(door), now())
    return _talk(gate.visitor(door))


@doors.post("/widget/<key>/rating")
@public
@told
def widget_rate(door: Door) -> Response:
    """The client fills in the card of a rating."""
    asked, visitor = gate.wish(), gate.speaker(door)
    number, mark = asked.get("rating"), asked.get("mark")
    said = asked.get("comment")
    verbs.rate(
        gate.home(door),
        number if type(number) is int else 0,
        mark if type(mark) is int else None,
        said if isinstance(said, str) else "",
        now(),
    )
    return _talk(visitor)


@doors.post("/widget/<key>/resume")
@public
@told
def widget_resume(door: Door) -> Response:
    """The client continues a chat that was closed."""
    visitor = gate.speaker(door)
    verbs.go_on(gate.home(door), now())
    return _talk(visitor)


@doors.post("/widget/<key>/leave")
@public
@told
def widget_leave(door: Door) -> Response:
    """Signed out on the site: this browser's token opens nothing any more."""
    widget_entry.leave(door, gate.token())
    return Response(status=204)


def _talk(visitor: Visitor) -> Response:
    return _told(visitor, widget.here(visitor))


def _told(visitor: Visitor, here: Here | None) -> Response:
    home = here.home if here else None
    page, told = _page(home)
    items = [live.item(one, visitor.locale) for one in page.items]
    state = live.state(here.state if here else widget.State(), visitor.locale)
    rev = home.rev if home else 0
    return jsonify(items=items, state=state, rev=rev, known=home is not None, signed=visitor.signed, **told)


def _page(home: Home | None) -> tuple[widget_talk.Page, dict[str, Any]]:
    """What was asked for. `whole`: it replaces all that is shown; otherwise it is added."""
    since, before = request.args.get("since", type=int), request.args.get("before", "")
    if home is not None and before:
        try:
            page = widget_talk.before(home, before)
        except ValueError:
            page = widget_talk.Page()
        return page, {"whole": False, "before": page.before}
    if home is not None and since:
        page = widget_talk.changed(home, since)
        if page.whole:
            return page, {"whole": False}
    page = widget_talk.latest(home)
    return page, {"whole": True, "before": page.before}
