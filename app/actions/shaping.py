"""What a client's message shows: its words, and what stands beside them and is nobody's word."""

from typing import Any

from app.base.masks import shared, without_codes
from app.base.text import clean
from app.channels.contract import Incoming

# Telegram's own limit is 4096; other channels send more, nobody reads more in a bubble.
LONGEST = 64 * 1024


def words(incoming: Incoming) -> str:
    """What is read, and searched: the words, and whom a shared contact names."""
    contacts = [shared(one.contact_name, one.phone) for one in incoming.attachments if one.kind == "contact"]
    # Codes and CVV are never stored, sealed or not; a dot for each digit keeps the marks in their places.
    return without_codes(clean("\n".join(filter(None, [incoming.text, *contacts])), LONGEST))


def shape(incoming: Incoming) -> dict[str, Any]:
    """What is shown beside the text and is nobody's word: marks, places, why it cannot be read."""
    found: dict[str, Any] = {}
    if incoming.markup:
        found["markup"] = [[span.kind, span.start, span.length, span.url] for span in incoming.markup]
    if incoming.kind == "unsupported":
        found["unsupported"] = incoming.why
    if incoming.version:
        found["version"] = incoming.version
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


def alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether both show the same; which edit each is does not show."""
    return {**one, "version": 0} == {**other, "version": 0}
