"""What we ourselves fail at on the road back is told like any other fate of a word."""

from typing import Any

import pytest
from psycopg import Connection

from app.actions import reply, routing
from app.base import clock
from app.models.db import db
from tests.cast import Cast
from tests.peers import Peer
from tests.road.conftest import Bank, message, viewer_of

pytestmark = pytest.mark.clause("1.2", "8.1")


def test_a_part_that_we_cannot_give_to_its_channel_does_not_hold_up_its_lane(
    bank: Bank, telegram: Peer, cast: Cast, superuser: "Connection[Any]"
) -> None:
    """A busy drain may go on for hours: what it stumbles over must not wait for its end."""
    bank.receive(message())
    aziza = viewer_of(cast.aziza)
    routing.take_next(aziza, clock.now())
    for words in ("1", "2"):
        reply.say(bank.chat_id(), words, aziza, clock.now())
    db.session.commit()
    superuser.execute("UPDATE outbox SET content = '\\x00' WHERE id = (SELECT min(id::text)::uuid FROM outbox)")
    bank.deliver()

    assert [call["params"]["text"] for call in telegram.calls("sendMessage")] == ["2"]
    assert bank.states() == ["uncertain", "sent"]
