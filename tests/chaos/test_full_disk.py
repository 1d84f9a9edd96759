"""A full disk: what cannot be kept is not acknowledged, and with room again everything goes on by itself."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
import pytest

from app.actions.delivery import LANES
from bench.desk import Desk
from bench.people import Operator, hire
from tests.chaos.books import balance
from tests.chaos.disks import Disk, mountable, mounted
from tests.chaos.load import Clients, Staff, busy, until
from tests.chaos.victims import see_it_heal, single
from tests.peers import Peer

pytestmark = pytest.mark.clause("8.1", "8.7")

FULL_SECONDS = 8.0


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    if not mountable():
        pytest.skip("only root may mount a small file system to fill it, and not in every container")
    home = Path(mkdtemp(prefix="muloqot-desk-"))
    home.chmod(0o711)  # PostgreSQL's user must pass
    for name in ("postgres", "files"):
        (home / "data" / name).mkdir(mode=0o711, parents=True)
    (home / "data").chmod(0o711)
    yield home / "data"
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def of_postgres(data: Path) -> Iterator[Disk]:
    with mounted(data / "postgres", megabytes=320) as disk:
        yield disk


@pytest.fixture(scope="module")
def of_files(data: Path) -> Iterator[Disk]:
    with mounted(data / "files", megabytes=4) as disk:
        yield disk


@pytest.fixture(scope="module")
def desk(data: Path, of_postgres: Disk, of_files: Disk) -> Iterator[Desk]:
    started = Desk(data)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def clients(polled: Peer, hooked: Peer) -> list[Clients]:
    return [Clients(polled, range(1000, 1008), pause=0.05), Clients(hooked, range(2000, 2008), pause=0.05)]


@pytest.fixture(scope="module")
def staff(desk: Desk) -> list[Staff]:
    return [Staff(desk, operator, pause=0.1) for operator in hire(desk, 2)]


def test_while_the_database_has_no_room_nothing_is_acknowledged_and_afterwards_nothing_is_missing(
    desk: Desk, of_postgres: Disk, clients: list[Clients], staff: list[Staff], hooked: Peer
) -> None:
    with busy(*(one.write for one in clients), *(one.work for one in staff)):
        until(lambda: all(one.chats for one in staff), "both operators have work")
        with of_postgres.full():
            until(lambda: _refused(of_postgres, staff), "the page says that it was not saved")
            _stay_full(of_postgres)
        see_it_heal(desk, time.time(), "there was no room for the database")
    uncertain = balance(desk, clients, staff)
    assert len(uncertain) <= LANES
    assert set(staff[0].refused + staff[1].refused) <= {500, 502, 503}
    if hooked.strict:
        assert any(one["status"] >= 500 for one in hooked.server.deliveries)


def _refused(disk: Disk, staff: list[Staff]) -> bool:
    disk.fill()
    return any(one.refused for one in staff)


def _stay_full(disk: Disk) -> None:
    """Also while the server, starting again, gives up what it had reserved."""
    end = time.monotonic() + FULL_SECONDS
    while time.monotonic() < end:
        disk.fill()
        time.sleep(0.1)


def test_without_room_for_files_words_go_on_and_files_are_kept_as_soon_as_there_is_some(
    desk: Desk, of_files: Disk, clients: list[Clients], staff: list[Staff], polled: Peer
) -> None:
    with busy(*(one.write for one in clients), *(one.work for one in staff)):
        until(lambda: staff[0].chats, "an operator has work")
        chat_id, operator = staff[0].chats[0], staff[0].browser.operator
        with of_files.full():
            answer = _attach(desk, operator, chat_id)
            assert answer.status_code == 507
            assert 'class="toast' in answer.text
            polled.file("F1", b"%PDF-1.7\n" + bytes(100_000), "bill.pdf")
            polled.push(message=_document(1000))
            until(lambda: _tried(desk), "the client's file was asked for")
            see_it_heal(desk, time.time(), "there was no room for files")
        assert _attach(desk, operator, chat_id).status_code == 200
        # It would be asked for by itself half a minute later.
        single(desk, "UPDATE file SET next_at = now() WHERE state = 'waiting' RETURNING 1")
        until(lambda: single(desk, "SELECT count(*) FROM file WHERE state = 'kept' AND ref <> ''") == 1, "it is kept")
    assert single(desk, "SELECT count(*) FROM file WHERE state = 'refused'") == 0


def _tried(desk: Desk) -> bool:
    """It waits for room, and none of its tries was counted."""
    waiting = "SELECT count(*) FROM file WHERE state = 'waiting' AND tries = 0 AND next_at > now()"
    return bool(single(desk, waiting) == 1 and "no room left for files" in desk.log("slow"))


def _attach(desk: Desk, operator: Operator, chat_id: int) -> httpx.Response:
    with httpx.Client(base_url=desk.root, headers={"Cookie": operator.cookie}, timeout=30) as browser:
        csrf = re.search(r'<meta name="csrf" content="([^"]+)"', browser.get("/chats").text)
        assert csrf
        return browser.post(
            f"/chats/{chat_id}/files",
            files={"upload": ("hisob.pdf", b"%PDF-1.7\n" + bytes(100_000), "application/pdf")},
            headers={"HX-Request": "true", "X-CSRF-Token": csrf[1]},
        )


def _document(number: int) -> dict[str, Any]:
    document = {"file_id": "F1", "file_unique_id": "u1", "file_name": "bill.pdf", "file_size": 100_009}
    return {
        "message_id": 900_001,
        "date": int(time.time()),
        "chat": {"id": number, "type": "private"},
        "from": {"id": number, "is_bot": False, "first_name": "Dilshod", "language_code": "uz"},
        "document": {**document, "mime_type": "application/pdf"},
    }
