"""`python -m tests.chaos.stored`: what a desk keeps, opened and in the order its pages show it, as JSON."""

import json
from typing import Any

from sqlalchemy import text

from app.factory import create_app
from app.models.db import db
from app.queries import thread

_CHATS = text("SELECT c.id, i.external_id FROM chat c JOIN identity i USING (customer_id) ORDER BY c.id")


def stored() -> list[dict[str, Any]]:
    return [_chat(row.id, row.external_id) for row in db.session.execute(_CHATS).all()]


def _chat(chat_id: int, client: str) -> dict[str, Any]:
    shown = [item for item in thread.latest(chat_id, limit=100_000).items if isinstance(item, thread.Message)]
    return {
        "id": chat_id,
        "client": int(client),
        "client_said": [message.text for message in shown if message.kind == "client"],
        "answers": {message.text: message.state for message in shown if message.kind == "mine"},
        "answers_in_order": [message.text for message in shown if message.kind == "mine"],
    }


if __name__ == "__main__":
    with create_app().app_context():
        print(json.dumps(stored()))
