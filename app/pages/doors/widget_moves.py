"""From the site into the bank's bot and back, by links that work once."""

from flask import Response, jsonify

from app.actions import widget_moves as verbs
from app.pages.doors import doors
from app.pages.doors import widget_gate as gate
from app.pages.doors.widget_gate import told
from app.pages.guard import now, public
from app.queries.widget import Door


@doors.post("/widget/<key>/move")
@public
@told
def widget_move(door: Door) -> Response:
    """The client wants to go on in the bank's bot."""
    return jsonify(url=verbs.move(gate.home(door), door, now()))


@doors.post("/widget/<key>/arrive")
@public
@told
def widget_arrive(door: Door) -> Response:
    """The visitor has come by a link from elsewhere; the page then asks for the dialogue."""
    gate.newcomer()
    verbs.arrive(door, gate.visitor(door), str(gate.wish().get("token", "")), now())
    return Response(status=204)
