"""What a chat asks for that went to its operator past the queue: it may come into the queue yet (clause 5.1)."""

from datetime import datetime

from sqlalchemy import text

from app.models.db import db
from app.queries import facts, rules

_KNOW = text("UPDATE standing SET language = :language, skill_ids = :skill_ids WHERE chat_id = :chat_id")


def know(chat_id: int, now: datetime) -> None:
    """Keep the language and the skills the rules ask for, of an open chat; inside a transaction."""
    found = facts.of_chat(chat_id)
    if found is None:
        return
    asked = {"language": found.spoken, "skill_ids": list(rules.decide(found, now).skill_ids)}
    db.session.execute(_KNOW, {**asked, "chat_id": chat_id})
