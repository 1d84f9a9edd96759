"""The whole system, as bin/run starts it, with a bot that is polled and one that calls our webhook."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bench.desk import Desk, running
from deploy.local.place import ROOT
from tests.chaos.roads import Road
from tests.peers import Peer, fake_telegram

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test here is many, and each wait in them has an end of its own; by hand they take as long as they take."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.timeout(0 if os.environ.get("LONG") else 900))


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def polled(desk: Desk, roads: list[Road]) -> Iterator[Peer]:
    yield from _bot(desk, roads, "Polled bot")


@pytest.fixture(scope="module")
def hooked(desk: Desk, roads: list[Road]) -> Iterator[Peer]:
    yield from _bot(desk, roads, "Webhook bot", "--webhook")


@pytest.fixture(scope="module")
def roads() -> list[Road]:
    """What the desk calls the provider by."""
    return []


def stored(desk: Desk) -> list[dict[str, Any]]:
    """Every chat the desk keeps, opened by the desk's own code and keys."""
    command = (sys.executable, "-m", "tests.chaos.stored")
    done = subprocess.run(command, cwd=ROOT, env=desk.env, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _bot(desk: Desk, roads: list[Road], name: str, *how: str) -> Iterator[Peer]:
    peer = fake_telegram()
    there = urlsplit(peer.url)
    road = Road(to=(str(there.hostname), int(there.port or 80)))
    roads.append(road)
    url = f"http://127.0.0.1:{road.port}{there.path}"
    desk.command("channels", "add", "telegram", "--name", name, "--token", peer.token, "--api-url", url, *how)
    yield peer
    road.close()
    peer.stop()
