"""Taken together or one by one, updates leave the same behind."""

import random
from typing import Any

import pytest
from sqlalchemy import text

from app.actions import intake
from app.base import clock, crypt
from app.models.db import db
from tests.road.conftest import Bank, edited, message

pytestmark = pytest.mark.clause("1.1")

CLIENTS = 4
LEFT = text("""
    SELECT s.unread, s.stage, s.waits_since IS NOT NULL AS waits, s.awaits_since IS NULL AS not_awaited, c.rev,
           (SELECT count(*) FROM episode e WHERE e.chat_id = c.id) AS episodes,
           (SELECT count(*) FROM event e WHERE e.chat_id = c.id) AS events,
           (SELECT m.external_id FROM message m WHERE m.id = s.last_id) AS last
      FROM chat c JOIN identity i USING (customer_id) JOIN standing s ON s.chat_id = c.id
     WHERE i.external_id = :client
""")
SAID = text("""
    SELECT m.id, m.text, m.late, m.edited_at IS NOT NULL AS edited, m.reply_to IS NOT NULL AS quotes,
           (SELECT count(*) FROM message_version v WHERE v.message_id = m.id) AS versions
      FROM message m JOIN chat c ON c.id = m.chat_id JOIN identity i USING (customer_id)
     WHERE i.external_id = :client ORDER BY m.at, m.id
""")


@pytest.mark.parametrize("seed", range(6))
def test_a_batch_leaves_what_row_by_row_leaves(bank: Bank, seed: int) -> None:
    second = clock.now().timestamp() - 500
    scripts = [_script(random.Random(seed), first, second) for first in (10, 20)]
    for known in scripts:  # some are known already, some come for the first time
        bank.receive(*known[:3])

    together, one_by_one = (script[3:] for script in scripts)
    bank.hear(*together)
    bank.take()
    bank.hear(*one_by_one)
    for _ in one_by_one:
        intake._take_one_by_one(clock.now())
    assert bank.one("SELECT count(*) FROM inbox WHERE state = 'new'") == 0

    for number in range(CLIENTS):
        assert _left(10 + number) == _left(20 + number)


def test_a_batch_asks_the_database_little(bank: Bank) -> None:
    from sqlalchemy import event

    bank.receive(*(message("Assalomu alaykum", of=number) for number in range(1, 11)))
    bank.hear(*(message("Yana", of=number) for number in range(1, 11) for _ in range(2)))
    asked: list[str] = []

    def count(*said: Any) -> None:
        asked.append(said[2])

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        bank.take()
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert len(asked) <= 20  # one by one they would be a hundred; what is known for seconds may be asked for anew


def _script(chance: random.Random, first: int, second: float) -> list[dict[str, Any]]:
    """The same story for clients numbered from `first`: words, repeats, edits before and after, blocks, quotes."""
    said: list[dict[str, Any]] = []
    for step in range(40):
        client = first + chance.randrange(CLIENTS if step > 2 else 2)
        number = first * 1000 + step
        words = message(f"word {step}", of=client, number=number, at=second + step)
        match chance.randrange(8):
            case 0 if said:
                said.append({**chance.choice(said), "update_id": 900_000 + number})
            case 1:
                said += [edited(words, f"changed {step}"), words]
            case 2:
                said += [words, edited(words, f"changed {step}")]
            case 3:
                about = {"chat": words["message"]["chat"], "from": words["message"]["from"], "date": int(second)}
                said.append({"update_id": number, "my_chat_member": {**about, "new_chat_member": {"status": "kicked"}}})
            case _:
                said.append(words)
    return said


def _left(client: int) -> tuple[object, ...]:
    standing = db.session.execute(LEFT, {"client": str(client)}).one()._asdict()
    last = standing.pop("last")
    rows = db.session.execute(SAID, {"client": str(client)}).all()
    said = [(crypt.open_sealed(row.text, ("message.text", row.id)), *row[2:]) for row in rows]
    return standing, int(last) % 1000, said
