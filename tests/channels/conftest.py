"""A Bot API server and a bot's account on it."""

from collections.abc import Iterator
from ipaddress import ip_network

import pytest

from app.channels.contract import Account
from tests.peers import Peer, fake_telegram

DILSHOD = 4242
LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.fixture(scope="session")
def server() -> Iterator[Peer]:
    peer = fake_telegram()
    yield peer
    peer.stop()


@pytest.fixture
def telegram(server: Peer) -> Iterator[Peer]:
    server.reset()
    server.chat(DILSHOD)
    yield server
    assert server.violations == []


@pytest.fixture
def bot(telegram: Peer) -> Account:
    return Account(1, "telegram", telegram.token, telegram.url, allow=LOOPBACK)
