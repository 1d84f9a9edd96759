"""Whoever was stopped reads by whom, when and what to do, until he begins anew (clause 7.7)."""

import pytest

from app.actions import duty, moving
from app.actions.journal import HERE
from app.actions.moving import Target
from tests.cast import Cast
from tests.dispatch.conftest import Room

pytestmark = pytest.mark.clause("7.7")
_BY_BOTIR = "Your work was ended by Ботир on"


def stopped(room: Room, cast: Cast) -> int:
    botir, now = room.viewer(cast.botir), room.later(seconds=1)
    return moving.stop(cast.timur.id, Target("queue"), "Tekshiruv", botir, HERE, now)


def band(cast: Cast) -> str:
    """What stands above Timur's desk, in English."""
    return str(cast.timur.browser.get("/duty/band", headers={"Accept-Language": "en"}).text)


@pytest.fixture(autouse=True)
def _in_english(room: Room, cast: Cast) -> None:
    room.run("UPDATE person SET locale = 'en' WHERE id = :id", id=cast.timur.id)


def test_the_page_says_who_has_stopped_him_and_what_to_do_also_after_a_reload(room: Room, cast: Cast) -> None:
    room.active(cast.timur)
    stopped(room, cast)

    for _ in range(2):
        assert _BY_BOTIR in band(cast) and "Speak to your supervisor" in band(cast)
    assert _BY_BOTIR in cast.timur.browser.get("/chats").text
    assert "not started work" not in band(cast)


def test_who_was_lost_or_away_when_he_was_stopped_reads_it_when_he_is_back(room: Room, cast: Cast) -> None:
    room.away(cast.timur)
    assert "not started work" in band(cast)
    stopped(room, cast)
    assert _BY_BOTIR in band(cast)


def test_it_is_gone_when_the_stop_is_undone_and_when_he_begins_anew(room: Room, cast: Cast) -> None:
    room.active(cast.timur)
    room.licensed()
    stop_id = stopped(room, cast)
    moving.undo(stop_id, room.viewer(cast.botir), HERE, room.later(seconds=5))
    assert "work was ended" not in band(cast)

    stopped(room, cast)
    active = room.one("SELECT id FROM work_status WHERE takes_new_chats ORDER BY position LIMIT 1")
    duty.choose(active, room.viewer(cast.timur), room.later(seconds=5))
    duty.finish(room.viewer(cast.timur), room.later(seconds=5))
    assert "work was ended" not in band(cast) and "not started work" in band(cast)


def test_whose_seat_was_freed_reads_that_his_work_was_ended(room: Room, cast: Cast) -> None:
    room.active(cast.timur)
    duty.free_seat(cast.timur.id, room.viewer(cast.botir), HERE, room.later(seconds=1))
    assert "Your work was ended on" in band(cast)
