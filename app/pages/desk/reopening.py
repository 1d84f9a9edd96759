"""The button "Write to the client" of a finished chat (clause 9.4)."""

from werkzeug.wrappers import Response as AnyResponse

from app.actions import reopening
from app.models.chat import ANSWER
from app.pages.desk import desk
from app.pages.desk.routing import opened
from app.pages.guard import needs, now, viewer
from app.queries import visible


@desk.post("/chats/<int:chat_id>/write")
@needs(ANSWER)
def write_first(chat_id: int) -> AnyResponse:
    visible.chat(viewer(), chat_id)
    reopening.reopen(chat_id, viewer(), now())
    return opened(chat_id)
