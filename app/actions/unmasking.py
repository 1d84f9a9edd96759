"""Show what is masked whole to one person; that it was shown is journalled, what it says is not."""

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


def show_name(chat_id: int, file_id: UUID, by: Viewer, now: datetime, origin: Origin) -> None:
    """Note that this person is shown the name of a file whole."""
    with transaction():
        journal.note(UNMASKED, by, now, origin, of=("file", file_id), chat=chat_id)


def show_note(chat_id: int, note_id: int, by: Viewer, now: datetime, origin: Origin) -> None:
    """Note that this person is shown a colleague's note about a client whole."""
    with transaction():
        journal.note(UNMASKED, by, now, origin, of=("note", note_id), chat=chat_id)
