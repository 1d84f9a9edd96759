"""Who may open a socket, what it hears, and when it is cut (clauses 1.2, 12.4)."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import socketio
from flask import Flask
from psycopg import Connection
from werkzeug.serving import make_server

from app.actions import sessions
from app.actions.journal import HERE
from app.base import clock, wire
from app.live import push
from app.queries import access, viewer
from tests.cast import Actor, Cast

SECONDS = 5
Dial = Callable[[str | None], "Ear"]


class Ear(socketio.Client):
    """A browser's socket that remembers what it heard."""

    def __init__(self) -> None:
        super().__init__(reconnection=False, handle_sigint=False)
        self.heard: list[tuple[str, Any]] = []
        self.rang = threading.Event()
        self.cut = threading.Event()
        self.on("*", self._hear)
        self.on("disconnect", lambda *_why: self.cut.set())

    def _hear(self, event: str, *said: Any) -> None:
        self.heard.append((event, *said))
        self.rang.set()


def test_a_stranger_opens_no_socket(dial: Dial) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        dial(None)


def test_while_nobody_can_be_looked_up_a_page_is_told_to_come_again(
    address: str, dial: Dial, cast: Cast, superuser: Connection
) -> None:
    token, ear = cast.aziza.browser.token, Ear()
    refused: list[object] = []
    ear.on("connect_error", refused.append)
    superuser.execute("SET lock_timeout = '10s'")
    superuser.execute("ALTER TABLE session RENAME TO session_away")
    try:
        with pytest.raises(socketio.exceptions.ConnectionError):
            ear.connect(address, headers={"Cookie": f"muloqot={token}"}, transports=["websocket"], wait_timeout=SECONDS)
    finally:
        superuser.execute("ALTER TABLE session_away RENAME TO session")
    assert refused == [{"message": "away"}]
    assert dial(token).connected


def test_a_push_to_a_person_is_heard_by_that_person_only(dial: Dial, cast: Cast) -> None:
    aziza, timur = ear_of(dial, cast.aziza), ear_of(dial, cast.timur)
    wire.emit("fragment", {"html": "<p id=x>"}, f"person:{cast.aziza.id}")
    push.heal()
    assert aziza.rang.wait(SECONDS)
    assert timur.rang.wait(SECONDS)
    assert [event for event, *_said in timur.heard] == ["heal"]
    assert ("fragment", {"html": "<p id=x>"}) in aziza.heard


def test_a_page_joins_no_room_that_nobody_opened_to_it(dial: Dial, cast: Cast) -> None:
    asked = ["everyone", "session:1", f"person:{cast.kamola.id}", "chat:1", "nonsense", 7]
    assert ear_of(dial, cast.aziza).call("watch", asked, timeout=SECONDS) == []
    assert ear_of(dial, cast.aziza).call("watch", "not a list", timeout=SECONDS) == []


@pytest.mark.clause("12.4")
def test_signing_out_tells_the_open_pages_to_leave(app: Flask, dial: Dial, cast: Cast) -> None:
    aziza, other = ear_of(dial, cast.aziza), ear_of(dial, cast.timur)
    with app.app_context():
        sessions.sign_out(viewer_of(cast.aziza), HERE, clock.now())
    assert aziza.rang.wait(SECONDS)
    assert ("leave", {"to": "/sign-in"}) in aziza.heard
    assert other.heard == []


@pytest.mark.clause("12.4")
def test_the_socket_of_a_session_that_ended_elsewhere_is_cut(
    dial: Dial, cast: Cast, superuser: "Connection[Any]"
) -> None:
    aziza, timur = ear_of(dial, cast.aziza), ear_of(dial, cast.timur)
    superuser.execute("UPDATE session SET ended_at = now() WHERE person_id = %s", [cast.aziza.id])
    assert aziza.cut.wait(SECONDS)
    assert not timur.cut.is_set()


@pytest.mark.clause("7.4")
def test_a_change_of_rights_is_felt_by_open_pages_and_cuts_the_socket(app: Flask, dial: Dial, cast: Cast) -> None:
    aziza, timur = ear_of(dial, cast.aziza), ear_of(dial, cast.timur)
    with app.app_context():
        sessions.rights_changed(cast.aziza.id, clock.now())
    assert aziza.cut.wait(SECONDS)
    assert ("leave", {"to": "/"}) in aziza.heard
    assert not timur.cut.is_set()
    assert ear_of(dial, cast.aziza).call("watch", [], timeout=SECONDS) == []


@pytest.mark.clause("12.4")
def test_a_socket_does_not_outlive_the_idle_time(dial: Dial, cast: Cast, superuser: "Connection[Any]") -> None:
    aziza = ear_of(dial, cast.aziza)
    superuser.execute("UPDATE session SET seen_at = now() - interval '61 minutes'")
    assert aziza.cut.wait(SECONDS)


@pytest.mark.clause("15.5")
def test_an_access_list_cuts_the_sockets_it_keeps_out(
    app: Flask, dial: Dial, cast: Cast, superuser: "Connection[Any]"
) -> None:
    aziza = ear_of(dial, cast.aziza)
    superuser.execute("INSERT INTO access_list VALUES ('site', '{10.0.0.0/8}', now())")
    try:
        assert aziza.cut.wait(SECONDS)
        with pytest.raises(socketio.exceptions.ConnectionError):
            ear_of(dial, cast.aziza)
    finally:
        superuser.execute("DELETE FROM access_list")
        access.forget()


def test_who_must_change_the_password_first_opens_no_socket(
    dial: Dial, cast: Cast, superuser: "Connection[Any]"
) -> None:
    aziza = cast.aziza
    superuser.execute("UPDATE person SET must_change_password = true")
    with pytest.raises(socketio.exceptions.ConnectionError):
        ear_of(dial, aziza)


def ear_of(dial: Dial, actor: Actor) -> Ear:
    return dial(actor.browser.token)


def viewer_of(actor: Actor) -> Any:
    long_ago = clock.now().replace(year=2000)
    return viewer.of_session(actor.browser.token, idle_since=long_ago, absolute_since=long_ago)


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """The application behind a real port, a thread for each socket."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(30)


@pytest.fixture
def dial(address: str) -> Iterator[Dial]:
    ears: list[Ear] = []

    def open_socket(token: str | None) -> Ear:
        ear = Ear()
        ears.append(ear)
        headers = {"Cookie": f"muloqot={token}"} if token else {}
        ear.connect(address, headers=headers, transports=["websocket"], wait_timeout=SECONDS)
        return ear

    yield open_socket
    for ear in ears:
        if ear.eio.ws is not None:
            ear.eio.ws.shutdown()  # a goodbye would be waited for
