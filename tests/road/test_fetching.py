"""The files clients send: fetched, refused with a reason, or waited for."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.actions import fetching, routing
from app.base import clock
from app.models.db import db
from tests.cast import Cast
from tests.peers import Peer
from tests.road.conftest import Bank, message, viewer_of

pytestmark = [pytest.mark.clause("9.2"), pytest.mark.clause("1.1")]


def document(ref: str, **about: Any) -> dict[str, Any]:
    update = message("")
    del update["message"]["text"]
    update["message"]["document"] = {"file_id": ref, "file_unique_id": ref, "file_name": "hujjat.pdf", **about}
    return update


def fetched(bank: Bank, after: timedelta = timedelta()) -> tuple[str, str, str]:
    """What became of the file: state, why, kind of content."""
    fetching.fetch(clock.now() + after)
    row = db.session.execute(text("SELECT state, why, mime FROM file")).one()
    db.session.rollback()
    return row.state, row.why or "", row.mime


def shown(bank: Bank, cast: Cast) -> str:
    """The thread as its operator sees it."""
    routing.take(bank.chat_id(), viewer_of(cast.aziza), clock.now())
    return str(cast.aziza.browser.get(f"/chats/{bank.chat_id()}").text)


def test_a_file_is_what_its_content_says(bank: Bank, telegram: Peer) -> None:
    telegram.file("ref-1", b"<html><script>alert(1)</script></html>", "rasm.jpg")
    bank.receive(document("ref-1", file_name="../../rasm.jpg", mime_type="image/jpeg"))
    assert fetched(bank) == ("kept", "", "text/plain")


def test_a_file_too_large_is_refused_and_the_operator_is_told(bank: Bank, telegram: Peer, cast: Cast) -> None:
    telegram.file("ref-1", b"x" * (21 << 20), "kino.bin")
    bank.receive(document("ref-1", file_size=21 << 20))
    assert fetched(bank)[:2] == ("refused", "too_big")
    assert "20 MB" in shown(bank, cast) or "20 МБ" in shown(bank, cast)


def test_a_file_the_channel_no_longer_has_is_refused_and_its_message_stays(bank: Bank, telegram: Peer) -> None:
    bank.receive(document("gone"), message("Oldingi fayl"))
    assert fetched(bank)[:2] == ("refused", "file_gone")
    assert "Oldingi fayl" in bank.said()


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 429, "retry_after": 3}, {"status": 401}])
def test_what_passes_is_waited_for(bank: Bank, telegram: Peer, fault: dict[str, Any]) -> None:
    """A revoked token, too: its bot gets another, and the file is still there."""
    telegram.file("ref-1", b"%PDF-1.4 x", "hujjat.pdf")
    telegram.fail(method="getfile", times=1, **fault)
    bank.receive(document("ref-1"))
    assert fetched(bank)[0] == "waiting"
    assert fetched(bank, timedelta(minutes=30))[0] == "kept"


def test_a_file_is_waited_for_through_a_night_without_network(bank: Bank, telegram: Peer) -> None:
    telegram.file("ref-1", b"%PDF-1.4 x", "hujjat.pdf")
    telegram.fail(method="getfile", status=502, times=40)
    bank.receive(document("ref-1"))
    for quarter in range(40):
        assert fetched(bank, timedelta(minutes=16 * quarter))[0] == "waiting"
    assert fetched(bank, timedelta(minutes=16 * 40))[0] == "kept"
