"""Several files for the client at once: an album of Telegram, and what he answers to one of its pictures."""

from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image
from sqlalchemy import text

from app.actions import reply, rewording, routing, uploads
from app.base import clock
from app.models.db import db
from app.models.viewer import Viewer
from tests.cast import Cast
from tests.peers import Peer
from tests.road.conftest import Bank, message, viewer_of

pytestmark = pytest.mark.clause("1.1")


@pytest.fixture
def aziza(bank: Bank, cast: Cast) -> Viewer:
    """She has Dilshod's chat."""
    bank.receive(message())
    viewer = viewer_of(cast.aziza)
    routing.take(bank.chat_id(), viewer, clock.now())
    return viewer


def photo(chat_id: int, name: str = "karta.png") -> UUID:
    stream = BytesIO()
    Image.new("RGB", (8, 8), "navy").save(stream, "PNG")
    return uploads.keep(chat_id, BytesIO(stream.getvalue()), name, clock.now())


def document(chat_id: int, name: str) -> UUID:
    return uploads.keep(chat_id, BytesIO(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"), name, clock.now())


def test_several_photos_go_out_as_one_album_with_one_caption(bank: Bank, aziza: Viewer, telegram: Peer) -> None:
    files = [photo(bank.chat_id()) for _ in range(3)]
    reply.say(bank.chat_id(), "Kartalarimiz", aziza, clock.now(), file_ids=files)
    bank.deliver()
    (call,) = telegram.calls("sendMediaGroup")
    assert call["status"] == 200
    assert telegram.calls("sendPhoto") == []
    assert telegram.calls("sendMessage") == []
    assert bank.states() == ["sent"]
    assert bank.one("SELECT cardinality(external_ids) FROM outbox") == 3


@pytest.mark.clause("9.2")
def test_the_caption_of_a_sent_album_is_edited_as_a_caption(bank: Bank, aziza: Viewer, telegram: Peer) -> None:
    files = [photo(bank.chat_id()) for _ in range(2)]
    said = reply.say(bank.chat_id(), "Kartalarimz", aziza, clock.now(), file_ids=files)
    bank.deliver()
    rewording.reword(said, bank.chat_id(), "Kartalarimiz", aziza, clock.now())
    bank.deliver()

    assert [call["params"]["caption"] for call in telegram.calls("editMessageCaption")] == ["Kartalarimiz"]
    assert telegram.calls("editMessageText") == []
    assert bank.states() == ["sent"]


def test_photos_and_documents_cannot_share_an_album(bank: Bank, aziza: Viewer, telegram: Peer) -> None:
    chat_id = bank.chat_id()
    files = [photo(chat_id), photo(chat_id), document(chat_id, "a.pdf"), document(chat_id, "b.pdf")]
    reply.say(chat_id, "", aziza, clock.now(), file_ids=files)
    bank.deliver()
    assert [call["status"] for call in telegram.calls("sendMediaGroup")] == [200, 200]
    assert bank.states() == ["sent"]


def test_an_album_of_which_one_half_fails_is_not_said_to_be_sent(bank: Bank, aziza: Viewer, telegram: Peer) -> None:
    chat_id = bank.chat_id()
    files = [photo(chat_id), photo(chat_id), document(chat_id, "a.pdf")]
    telegram.fail(method="sendDocument", status=400, description="Bad Request: wrong file", times=1)
    message_id = reply.say(chat_id, "", aziza, clock.now(), file_ids=files)
    bank.deliver()
    states = text("SELECT state FROM outbox ORDER BY part")
    assert list(db.session.scalars(states)) == ["sent", "failed"]
    assert bank.states() == ["failed"]
    db.session.rollback()
    reply.retry(message_id, chat_id, aziza, clock.now())
    bank.deliver()
    assert len(telegram.calls("sendMediaGroup")) == 1
    assert bank.states() == ["sent"]


def test_an_answer_to_the_second_picture_quotes_our_album(bank: Bank, aziza: Viewer) -> None:
    files = [photo(bank.chat_id()) for _ in range(2)]
    album = reply.say(bank.chat_id(), "Qaysi biri?", aziza, clock.now(), file_ids=files)
    bank.deliver()
    second = int(bank.one("SELECT external_ids[2] FROM outbox"))
    about = message()["message"]
    original = {"message_id": second, "date": about["date"], "chat": about["chat"]}
    bank.receive(message("Mana bunisi", reply_to_message=original))
    assert bank.one("SELECT reply_to FROM message WHERE kind = 'client' ORDER BY id DESC LIMIT 1") == album
