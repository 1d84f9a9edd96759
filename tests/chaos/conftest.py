"""The whole system, as bin/run starts it, with a bot that is polled and one that calls our webhook."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from bench.desk import Desk, running
from deploy.local.place import ROOT
from tests.peers import Peer, fake_telegram


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def polled(desk: Desk) -> Iterator[Peer]:
    yield from _bot(desk, "Polled bot")


@pytest.fixture(scope="module")
def hooked(desk: Desk) -> Iterator[Peer]:
    yield from _bot(desk, "Webhook bot", "--webhook")


def stored(desk: Desk) -> list[dict[str, Any]]:
    """Every chat the desk keeps, opened by the desk's own code and keys."""
    command = (sys.executable, "-m", "tests.chaos.stored")
    done = subprocess.run(command, cwd=ROOT, env=desk.env, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _bot(desk: Desk, name: str, *how: str) -> Iterator[Peer]:
    peer = fake_telegram()
    desk.command("channels", "add", "telegram", "--name", name, "--token", peer.token, "--api-url", peer.url, *how)
    yield peer
    peer.stop()
