"""Colleagues named in a note hear of it behind the bell: who named them and where. The words stay in the chat."""

import re
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from flask_babel import lazy_gettext as _l

from app.actions import notices
from app.models.db import Transaction
from app.models.notice import declare
from app.models.viewer import Viewer
from app.queries import colleagues

MENTIONED = declare("chat.mentioned", _l("%(name)s mentions you in a note in chat %(chat)s."))


def tell(
    tx: Transaction, people: Collection[int], chat_id: int, message_id: UUID, said: str, by: Viewer, now: datetime
) -> None:
    """Tell those of `people` whose "@Name" stands in the note and who see its chat; others are passed over."""
    if not people:
        return
    named = [one.id for one in colleagues.of_chat(chat_id, by) if one.id in people and _stands(one.name, said)]
    link = f"/chats/{chat_id}?at={message_id}#m-{message_id}"
    notices.tell(tx, named, MENTIONED, now, chat_id=chat_id, link=link, by=by, name=by.name)


def _stands(name: str, said: str) -> bool:
    return re.search(rf"@{re.escape(name)}(?!\w)", said) is not None
