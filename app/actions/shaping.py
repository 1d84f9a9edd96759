"""What is shown beside the text of a client's message and is nobody's word."""

from typing import Any

from app.channels.contract import Incoming


def shape(incoming: Incoming) -> dict[str, Any]:
    """What is shown beside the text and is nobody's word: marks, places, why it cannot be read."""
    found: dict[str, Any] = {}
    if incoming.markup:
        found["markup"] = [[span.kind, span.start, span.length, span.url] for span in incoming.markup]
    if incoming.kind == "unsupported":
        found["unsupported"] = incoming.why
    if incoming.album:
        found["album"] = incoming.album
    if incoming.forwarded_from:
        found["forwarded"] = True
    if any(one.kind == "contact" for one in incoming.attachments):
        found["contact"] = "own" if any(one.own_contact for one in incoming.attachments) else "other"
    places = [one for one in incoming.attachments if one.kind == "location"]
    if places:
        found["place"] = [places[0].latitude, places[0].longitude, places[0].place]
    return found
