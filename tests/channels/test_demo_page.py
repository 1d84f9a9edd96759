"""The demo's client page: one visitor's chat is nobody else's, and nothing is executed."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from app.channels.contract import Account, Batch, Fetched, Outgoing, Sent
from app.channels.telegram import door
from deploy.demo import pictures
from deploy.demo.clients import Clients
from deploy.demo.simulator import Simulator
from tests.channels.conftest import LOOPBACK


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    started = Simulator().start()
    yield started
    started.stop()


@pytest.fixture
def bot(simulator: Simulator) -> Account:
    return Account(1, "telegram", simulator.token, simulator.url, allow=LOOPBACK)


def ask(
    simulator: Simulator, path: str, body: bytes | None = None, mime: str = "application/json"
) -> tuple[int, bytes, Any]:
    request = urllib.request.Request(simulator.url + path, body, {"Content-Type": mime})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), error.headers


def join(simulator: Simulator, name: str = "Dilshod", **more: str) -> str:
    wish = {"name": name, "language": "uz_Latn", **more}
    status, body, _ = ask(simulator, "/client", json.dumps(wish).encode())
    assert status == 200
    return str(json.loads(body)["key"])


def events(simulator: Simulator, key: str) -> list[Any]:
    return list(json.loads(ask(simulator, f"/client/{key}/events?after=0")[1])["events"])


@pytest.mark.parametrize("path", ["/", "/client.css", "/client.js", "/words.js"])
def test_the_page_forbids_everything_inline(simulator: Simulator, path: str) -> None:
    status, body, headers = ask(simulator, path)
    assert status == 200
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert b"style=" not in body
    assert b"<script>" not in body


def test_a_visitor_writes_and_is_answered(simulator: Simulator, bot: Account) -> None:
    simulator.reset()
    key = join(simulator, start="site_cards")
    ask(simulator, f"/client/{key}/text", json.dumps({"text": "Salom"}).encode())
    batch = door.poll(bot, "", 0)
    assert isinstance(batch, Batch)
    started, said = (door.parse(raw.body) for raw in batch.raws)
    assert (started.kind, started.payload, said.text) == ("started", "site_cards", "Salom")
    assert isinstance(door.send(bot, Outgoing(said.lane, text="Vaalaykum assalom")), Sent)
    assert [event["by"] for event in events(simulator, key)] == ["client", "client", "bank"]


def test_a_visitors_photo_reaches_the_bank(simulator: Simulator, bot: Account) -> None:
    simulator.reset()
    key = join(simulator)
    assert ask(simulator, f"/client/{key}/attach", pictures.screen(), "image/png")[0] == 200
    batch = door.poll(bot, "", 0)
    assert isinstance(batch, Batch)
    (photo,) = door.parse(batch.raws[-1].body).attachments
    found = door.fetch_file(bot, photo.file_ref, 20 << 20)
    assert isinstance(found, Fetched)
    assert b"".join(found.chunks) == pictures.screen()


def test_one_visitor_cannot_see_another_ones_files(simulator: Simulator) -> None:
    simulator.reset()
    aziza, timur = join(simulator, "Aziza"), join(simulator, "Timur")
    ask(simulator, f"/client/{aziza}/attach", pictures.screen(), "image/png")
    photo = events(simulator, aziza)[-1]["message"]["photo"][-1]["file_id"]
    assert ask(simulator, f"/client/{aziza}/file/{photo}")[0] == 200
    assert ask(simulator, f"/client/{timur}/file/{photo}")[0] == 404
    assert ask(simulator, "/client/guess/events?after=0")[0] == 404


@pytest.mark.parametrize("mime", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_another_site_cannot_write_in_a_visitors_name(simulator: Simulator, mime: str) -> None:
    key = join(simulator)
    for act in ("text", "attach", "press"):
        assert ask(simulator, f"/client/{key}/{act}", b'{"text": "x"}', mime)[0] == 404


def test_a_script_is_only_offered_for_saving(simulator: Simulator) -> None:
    key = join(simulator)
    ask(simulator, f"/client/{key}/attach", b"<script>alert(1)</script>", "text/html")
    file = events(simulator, key)[-1]["message"]["document"]["file_id"]
    headers = ask(simulator, f"/client/{key}/file/{file}")[2]
    assert (headers["Content-Type"], headers["Content-Disposition"]) == ("application/octet-stream", "attachment")


def test_the_switch_of_the_clients_answers(simulator: Simulator) -> None:
    simulator.page.clients = Clients(simulator.cloud)
    status, body, _ = ask(simulator, "/control", b'{"running": false}')
    assert (status, json.loads(body)["running"]) == (200, False)


@pytest.mark.parametrize("path", ["/nothing", "/client/x", "/../etc/passwd", "/control/x/y"])
def test_nothing_else_is_there(simulator: Simulator, path: str) -> None:
    simulator.page.clients = None
    assert ask(simulator, path)[0] == 404
