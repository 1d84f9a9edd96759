"""What the command line says of the road."""

import json
from typing import Any

import click
import pytest
from flask import Flask

from app.actions import reply, routing
from app.base import clock
from app.cli import channels_commands, inbox_commands, outbox_commands
from tests.cast import Cast
from tests.peers import Peer
from tests.road.conftest import Bank, message, viewer_of

pytestmark = pytest.mark.clause("1.1")


def _told(app: Flask, group: click.Group, *words: str) -> dict[str, Any]:
    found = app.test_cli_runner().invoke(group, list(words))
    assert found.exit_code == 0, found.output
    return dict(json.loads(found.output))


def test_the_inbox_and_the_outbox_are_counted(app: Flask, bank: Bank, telegram: Peer, cast: Cast) -> None:
    poll = message("")
    del poll["message"]["text"]
    poll["message"]["poll"] = {"id": "1", "question": "?"}
    bank.receive(message("Salom"), poll)
    bank.hear(message("Yana"))
    inbox = _told(app, inbox_commands, "status")
    assert inbox.pop("oldest_s") >= 0
    assert inbox == {"accepted": 3, "taken": 1, "unsupported": 1, "failed": 0}

    aziza = viewer_of(cast.aziza)
    routing.take(bank.chat_id(), aziza, clock.now())
    telegram.fail(method="sendMessage", drop=True, times=1)
    reply.say(bank.chat_id(), "bir", aziza, clock.now())
    bank.deliver()
    reply.say(bank.chat_id(), "ikki", aziza, clock.now())
    outbox = _told(app, outbox_commands, "status")
    assert outbox.pop("oldest_s") >= 0
    assert outbox == {"queued": 1, "sent": 0, "failed": 0, "uncertain": 1}


def test_a_bot_is_connected_by_a_command_once(app: Flask, context: None, telegram: Peer) -> None:
    words = ["add", "telegram", "--name", "Bank bot", "--token", telegram.token, "--api-url", telegram.url]
    assert _told(app, channels_commands, *words)["id"] > 0
    again = app.test_cli_runner().invoke(channels_commands, words)
    assert (again.exit_code, "Bank bot" in again.output) == (1, True)
