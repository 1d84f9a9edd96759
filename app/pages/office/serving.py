"""When each channel is served, and how much of an operator's hands its chats take (clauses 5.1, 14.3)."""

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.actions import channels as changes
from app.actions.channels import WEIGHTS, Serving
from app.base.numbers import whole
from app.models.channel import MANAGE
from app.models.hours import HOURS
from app.pages.guard import needs, now, origin, viewer
from app.pages.office import office
from app.pages.respond import done
from app.queries import channels as known
from app.queries import lists


@office.get("/channels/serving")
@needs(MANAGE)
def serving() -> Response:
    weights = sorted({*WEIGHTS, *(channel.weight for channel in known.everyone())})
    told = {"channels": known.everyone(), "hours": lists.rows(HOURS), "weights": weights}
    return make_response(render_template("office/serving.html", **told))


@office.post("/channels/serving")
@needs(MANAGE)
def save_serving() -> AnyResponse:
    asked = [channel.id for channel in known.everyone() if f"weight-{channel.id}" in request.form]
    changes.serve({channel_id: _wish(channel_id) for channel_id in asked}, viewer(), origin(), now())
    return done(url_for("office.channels"), _("Saved"))


def _wish(channel_id: int) -> Serving:
    """What is no number of the list becomes one that is none, and is refused."""
    hours, weight = request.form.get(f"hours-{channel_id}", ""), request.form[f"weight-{channel_id}"]
    return Serving(_number(hours) if hours else None, _number(weight))


def _number(entered: str) -> int:
    found = whole(entered)
    return -1 if found is None else found
