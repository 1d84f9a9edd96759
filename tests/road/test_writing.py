"""The client sees that his operator writes."""

import pytest
from sqlalchemy import text

from app.actions import presence, routing
from app.base import clock
from app.models.db import db, transaction
from tests.browser.desk_server import wait_until
from tests.cast import Cast
from tests.peers import Peer
from tests.road.conftest import DILSHOD, Bank, message, viewer_of

pytestmark = pytest.mark.clause("1.2")


def shown(telegram: Peer) -> list[int]:
    return [int(call["params"]["chat_id"]) for call in telegram.calls("sendChatAction")]


def test_who_answers_is_seen_to_write_once_for_all_his_pages(bank: Bank, telegram: Peer, cast: Cast) -> None:
    bank.receive(message())
    aziza, timur = viewer_of(cast.aziza), viewer_of(cast.timur)
    routing.take_next(aziza, clock.now())
    for who, what in ((timur, "types"), (aziza, "looks"), (aziza, "types"), (aziza, "types")):
        presence.signal(bank.chat_id(), who, what)

    wait_until(lambda: shown(telegram), 10.0)
    assert shown(telegram) == [DILSHOD]


def test_nobody_is_shown_to_write_to_a_client_who_has_blocked_the_bot(bank: Bank, telegram: Peer, cast: Cast) -> None:
    bank.receive(message())
    aziza = viewer_of(cast.aziza)
    routing.take_next(aziza, clock.now())
    with transaction():
        db.session.execute(text("UPDATE identity SET blocked_us_at = now()"))
    presence.signal(bank.chat_id(), aziza, "types")
    with transaction():
        db.session.execute(text("UPDATE identity SET blocked_us_at = NULL"))
    presence.signal(bank.chat_id(), aziza, "types")

    wait_until(lambda: shown(telegram), 10.0)
    assert shown(telegram) == [DILSHOD]
