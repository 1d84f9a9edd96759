"""Show a masked message whole to one person; that it was shown is journalled, what it says is not."""

from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _l

from app.actions import journal
from app.actions.journal import Origin
from app.models.db import transaction
from app.models.journal import declare as declare_kind
from app.models.viewer import Viewer

UNMASKED = declare_kind("message.unmasked", _l("Masked message shown whole"))


def show(chat_id: int, message_id: UUID, by: Viewer, now: datetime, origin: Origin) -> None:
    """Note that this person is shown a message whole."""
    with transaction():
        journal.note(UNMASKED, by, now, origin, of=("message", message_id), chat=chat_id)
