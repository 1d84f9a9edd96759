"""Who looks and who types: Redis only, ten seconds; never stored, never needed (docs/architecture.md)."""

from app.actions import writing
from app.base import traces
from app.live import push
from app.models.viewer import Viewer
from app.queries.presence import CLIENT, place


def signal(chat_id: int, by: Viewer, what: str) -> None:
    """Note that a person looks at a chat or types in it. `what` is `looks` or `types`."""
    if what == "types":
        writing.show(chat_id, by)
    if traces.leave(place(chat_id), by.person_id, what):
        push.presence_changed(chat_id)


def client_types(chat_id: int, typing: bool) -> None:
    """The client of a hosted channel began to type, or stopped."""
    if traces.leave(place(chat_id), CLIENT, "types" if typing else ""):
        push.client_types(chat_id)
