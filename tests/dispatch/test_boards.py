"""The boards of supervisors."""

import pytest

from app.actions import routing
from app.queries import boards
from tests.cast import Cast
from tests.dispatch.conftest import Room


@pytest.mark.clause("8.2")
def test_the_board_says_who_does_what_since_when_and_how_busy(room: Room, cast: Cast) -> None:
    aziza = room.active(cast.aziza, capacity=4)
    routing.take(room.waits(), aziza, room.now)

    [line] = [one for one in boards.operators(room.later(minutes=1)) if one.person_id == cast.aziza.id]

    assert (line.load, line.capacity, line.chats, line.waits, line.takes_new) == (1, 4, 1, 1, True)


def test_a_status_that_lasts_too_long_is_seen(room: Room, cast: Cast) -> None:
    cast.timur  # noqa: B018 - at work, in a status of 30 minutes
    [line] = boards.operators(room.later(minutes=29))
    assert not line.over(room.now)
    assert line.over(room.later(minutes=2))


@pytest.mark.clause("7.5")
def test_the_queue_shows_who_could_take_each_chat_or_why_nobody(room: Room, cast: Cast) -> None:
    room.active(cast.timur)
    foreign, russian = room.waits(language="uz_Latn"), room.waits(language="ru", score=5)

    lines = {line.chat_id: line for line in boards.lines(room.now)}

    assert list(lines) == [russian, foreign]
    assert lines[russian].able == [cast.timur.name]
    assert (lines[foreign].able, lines[foreign].none) == ([], "language")


def test_both_boards_open_for_supervisors_and_for_nobody_else(room: Room, cast: Cast) -> None:
    room.active(cast.timur)
    room.waits(language="uz_Latn")
    for board in ("operators", "queue"):
        assert cast.botir.browser.get(f"/watch/{board}").status_code == 200
        assert cast.botir.browser.get(f"/watch/{board}", headers={"HX-Request": "true"}).text.count("<html") == 0
        assert cast.aziza.browser.get(f"/watch/{board}").status_code == 403


def test_chosen_chats_are_handed_to_a_person(room: Room, cast: Cast) -> None:
    room.active(cast.aziza)
    chats = [room.waits() for _ in range(2)]
    form = {"chat": chats, "to": f"person:{cast.aziza.id}", "reason": "Smena"}

    assert cast.botir.browser.post("/watch/move", form).status_code == 303
    assert {room.owner(chat) for chat in chats} == {cast.aziza.id}


def test_a_supervisor_sets_a_status(room: Room, cast: Cast) -> None:
    room.active(cast.timur)
    calm = room.one("SELECT id FROM work_status WHERE takes_seat AND NOT takes_new_chats ORDER BY position LIMIT 1")
    cast.botir.browser.post(f"/watch/operators/{cast.timur.id}/status", {"status": calm})
    set_to = "SELECT status_id FROM status_span WHERE person_id = :id AND ended_at IS NULL"
    assert room.one(set_to, id=cast.timur.id) == calm
