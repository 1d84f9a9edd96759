"""What the channel refuses to change is not said to be changed."""

import pytest

from app.actions import reply, rewording
from app.base import clock
from app.models.viewer import Viewer
from tests.peers import Peer
from tests.road.conftest import Bank

pytestmark = pytest.mark.clause("1.2", "9.2")


@pytest.mark.parametrize(("method", "description"), [
    ("deletemessage", "Bad Request: message can't be deleted for everyone"),
    ("editmessagetext", "Bad Request: message can't be edited"),
])  # fmt: skip
def test_what_the_channel_does_not_change_is_told_and_not_said_to_be_changed(
    bank: Bank, telegram: Peer, aziza: Viewer, method: str, description: str
) -> None:
    said = reply.say(bank.chat_id(), "Xato", aziza, clock.now())
    bank.deliver()
    telegram.fail(method=method, status=400, description=description)
    if method == "deletemessage":
        rewording.take_back(said, bank.chat_id(), aziza, clock.now())
    else:
        rewording.reword(said, bank.chat_id(), "Boshqa", aziza, clock.now())
    bank.deliver()

    assert bank.one("SELECT data->>'what' FROM event WHERE verb = 'unchanged'") == method.partition("message")[0]
    assert bank.one("SELECT count(*) FROM message WHERE withdrawn_at IS NOT NULL") == 0
    assert bank.states() == ["sent"]
