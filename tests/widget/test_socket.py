"""The visitor's socket: one's own dialogue and nothing else; notes never come (house law 4)."""

import pytest
import socketio
from flask import Flask

from app.actions import presence, reply
from app.base import clock
from app.live.widget import room
from app.queries import presence as present
from tests.cast import Cast
from tests.widget.conftest import Listen, Visitor, one, taken_by, viewer_of

pytestmark = pytest.mark.clause("4.1")


def own_room(visitor: Visitor) -> str:
    return room(one("SELECT max(id) FROM identity"), visitor.language.replace("-", "_"))


def test_an_answer_comes_at_once_in_the_language_of_the_page(cast: Cast, dilshod: Visitor, listen: Listen) -> None:
    dilshod.says("Salom")
    chat = taken_by(cast.aziza)
    ear = listen(dilshod)
    reply.say(chat, "Assalomu alaykum!", viewer_of(cast.aziza), clock.now())
    heard = dict(ear.heard(own_room(dilshod)))
    assert "Assalomu alaykum!" in heard["item"]["html"]
    assert heard["item"]["html"] in dilshod.reads()
    assert "state" in heard


def test_a_note_never_reaches_the_socket(cast: Cast, dilshod: Visitor, listen: Listen) -> None:
    dilshod.says("Salom")
    chat = taken_by(cast.aziza)
    ear = listen(dilshod)
    reply.note(chat, "Mijoz shubhali", viewer_of(cast.aziza), clock.now())
    assert "shubhali" not in str(ear.heard(own_room(dilshod)))


def test_two_tabs_hear_the_same_and_a_stranger_nothing(
    app: Flask, cast: Cast, key: str, dilshod: Visitor, listen: Listen
) -> None:
    gulnora = Visitor(app, key)
    gulnora.enters()
    gulnora.says("Men Gulnoraman")
    strange, strangers = listen(gulnora), own_room(gulnora)
    dilshod.says("Salom")
    first, second = listen(dilshod), listen(dilshod)
    dilshod.says("Yana men")
    assert "Yana men" in str(first.heard(own_room(dilshod)))
    assert "Yana men" in str(second.heard(own_room(dilshod)))
    assert "Yana men" not in str(strange.heard(strangers))


def test_what_the_answer_brings_is_not_pushed_to_the_page_that_asked_but_to_the_other_tab(
    dilshod: Visitor, listen: Listen
) -> None:
    dilshod.says("Salom")
    asks = listen(dilshod)
    dilshod.says("Birinchi gap", socket=asks.id)
    assert "Birinchi gap" not in str(asks.heard(own_room(dilshod)))
    other = listen(dilshod)
    dilshod.says("Ikkinchi gap", socket=asks.id)
    assert "Ikkinchi gap" not in str(asks.heard(own_room(dilshod)))
    assert "Ikkinchi gap" in str(other.heard(own_room(dilshod)))


def test_a_foreign_socket_named_in_a_request_keeps_nothing_from_anybody(
    app: Flask, key: str, dilshod: Visitor, listen: Listen
) -> None:
    gulnora = Visitor(app, key)
    gulnora.enters()
    gulnora.says("Men Gulnoraman")
    foreign = listen(gulnora)
    dilshod.says("Salom")
    own = listen(dilshod)
    dilshod.says("Yana men", socket=foreign.id)
    assert "Yana men" in str(own.heard(own_room(dilshod)))


def test_who_is_not_known_is_not_let_in(app: Flask, key: str, dilshod: Visitor, listen: Listen) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        listen(Visitor(app, key))
    with pytest.raises(socketio.exceptions.ConnectionError):
        listen(dilshod)  # nothing said yet: nothing to hear


def test_another_sites_page_cannot_open_the_socket(dilshod: Visitor, listen: Listen) -> None:
    dilshod.says("Salom")
    with pytest.raises(socketio.exceptions.ConnectionError):
        listen(dilshod, Origin="https://evil.example")


def test_a_visitor_has_no_way_into_the_desks_rooms(address: str, dilshod: Visitor) -> None:
    dilshod.says("Salom")
    socket = socketio.Client(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        socket.connect(address, auth={"key": dilshod.key, "token": dilshod.token}, namespaces=["/"])


def test_typing_is_seen_at_both_ends_without_a_name(cast: Cast, dilshod: Visitor, listen: Listen) -> None:
    dilshod.says("Salom")
    chat = taken_by(cast.aziza)
    ear = listen(dilshod)
    presence.signal(chat, viewer_of(cast.aziza), "types")
    assert ("typing", {"on": True}) in ear.heard(own_room(dilshod))
    presence.signal(chat, viewer_of(cast.aziza), "looks")
    assert ("typing", {"on": False}) in ear.heard(own_room(dilshod))
    ear.says_typing(True)
    ear.heard(own_room(dilshod))
    wait_for(lambda: [one.person_id for one in present.others(chat) if one.what == "types"] == [present.CLIENT])
    ear.close()
    wait_for(lambda: all(one.what != "types" for one in present.others(chat)))


def wait_for(done: object) -> None:
    import time

    end = time.monotonic() + 5
    while not done():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
