"""Nonsense over real sockets of the desk and of the site's chat: nobody is let in, nothing breaks."""

import logging
import random

import pytest
import socketio
from flask import Flask

from tests.cast import Cast
from tests.entry.test_socket import Dial, address, dial
from tests.fuzz import nonsense
from tests.writes import Client

pytestmark = pytest.mark.clause("15.5")
__all__ = ["address", "dial"]  # the fixtures

INPUTS = 1500 * nonsense.TIMES
EVENTS = ("watch", "here", "differs", "active", "typing", "join", "read")


def test_nonsense_on_a_socket_breaks_nothing_and_opens_no_room(
    app: Flask, cast: Cast, dial: Dial, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    dice = random.Random(7)
    chat_id = Client(app).says("Salom")
    ear = dial(cast.nodira.browser.token)
    for number in range(INPUTS):
        if not ear.connected:
            ear = dial(cast.nodira.browser.token)
        said = nonsense.value(dice)
        ear.emit(dice.choice(EVENTS), tuple(said) if isinstance(said, list) else said)
        if number % 100 == 0:
            assert ear.call("watch", [f"chat:{chat_id}", "queue:all", "everyone", "person:1"], timeout=20) == []
    assert nonsense.errors(caplog.records) == []


def test_nonsense_for_a_ticket_opens_no_site_chat(address: str) -> None:
    dice = random.Random(8)
    for _ in range(5 * nonsense.TIMES):
        stranger = socketio.Client(reconnection=False, handle_sigint=False)
        with pytest.raises(socketio.exceptions.ConnectionError):
            stranger.connect(
                address, auth=nonsense.value(dice), namespaces=["/widget"], transports=["websocket"], wait_timeout=5
            )
        if stranger.eio.ws is not None:
            stranger.eio.ws.shutdown()
