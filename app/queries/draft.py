"""What somebody has begun to write in a chat and not yet sent."""

from sqlalchemy import text

from app.base.crypt import opened
from app.models.db import db
from app.models.viewer import Viewer

_DRAFT = text("SELECT text FROM draft WHERE chat_id = :chat_id AND person_id = :person_id")


def text_of(chat_id: int, viewer: Viewer) -> str:
    """The viewer's own draft; "" when there is none."""
    sealed = db.session.scalar(_DRAFT, {"chat_id": chat_id, "person_id": viewer.person_id})
    return opened(sealed, "draft.text", f"{chat_id}:{viewer.person_id}")
