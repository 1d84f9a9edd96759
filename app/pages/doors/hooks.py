"""Webhooks of the channels: the sender is proved on the raw bytes, the update stored, only then 200 answered."""

from flask import Response, abort, request

from app.actions import intake
from app.channels import registry
from app.pages.doors import doors
from app.pages.guard import now, public
from app.queries import channels

_LARGEST = 2**20


@doors.post("/hooks/<kind>/<key>")
@public
def hook(kind: str, key: str) -> Response:
    """Accept what a channel delivers. A wrong key and a wrong secret answer alike."""
    channel = channels.hook(key)
    body = request.get_data(cache=False)
    if channel is None or channel.kind != kind or kind not in registry.kinds() or len(body) > _LARGEST:
        abort(404)
    door = registry.channel(kind)
    if not door.verify_hook(dict(request.headers), body, channel.secret):
        abort(404)
    intake.accept(channel.id, kind, door.unpack(body), now())
    return Response("", status=200)
