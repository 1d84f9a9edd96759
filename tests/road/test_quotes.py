"""A quote is drawn anew when what it quotes is said otherwise."""

import pytest

from app.base import clock
from app.queries import thread
from tests.road.conftest import Bank, edited, message

pytestmark = pytest.mark.clause("1.2")


def test_whoever_has_the_chat_open_sees_the_quote_as_the_message_reads_by_now(bank: Bank) -> None:
    first = message("Kartam yo‘qoldi", number=61)
    bank.receive(first, message("Bu ham", number=62, reply_to_message=first["message"]), message("Boshqa", number=63))
    chat_id = bank.chat_id()
    before = thread.rev(chat_id)
    bank.receive(edited(first, "Kartam topildi"))

    changed = thread.changed_since(chat_id, before, clock.now()).items
    said = {item.text: item.quote.text if item.quote else "" for item in changed if isinstance(item, thread.Message)}
    assert said == {"Kartam topildi": "", "Bu ham": "Kartam topildi"}
