"""Take next: what one is given who asks for the next chat, and what is said when there is none for him."""

import pytest

from app.actions import routing
from app.live import fragments
from app.queries import chat_list
from tests.cast import Cast
from tests.dispatch.conftest import Room


@pytest.mark.clause("5.1")
def test_next_passes_over_a_chat_in_a_language_one_does_not_speak(room: Room, cast: Cast) -> None:
    timur = room.active(cast.timur)
    room.waits(language="uz_Latn", score=900)
    russian = room.waits(language="ru")

    assert routing.take_next(timur, room.later(seconds=1)) == russian
    with pytest.raises(routing.NobodyWaits):
        routing.take_next(timur, room.now)


@pytest.mark.clause("5.1")
def test_next_says_how_many_wait_whom_one_cannot_serve(room: Room, cast: Cast) -> None:
    timur = room.active(cast.timur)
    skill = room.skill(cast.aziza)
    room.waits(language="uz_Latn")
    room.waits(language="ru", skill_ids=[skill])

    with pytest.raises(routing.NobodyYouCanServe) as told:
        routing.take_next(timur, room.later(seconds=1))

    assert told.value.values == {"count": 2}


@pytest.mark.clause("5.1")
def test_next_says_that_whoever_waits_is_kept_for_a_colleague(room: Room, cast: Cast) -> None:
    timur = room.active(cast.timur)
    room.waits(language="ru", wished_id=cast.aziza.id)

    with pytest.raises(routing.HeldForColleagues) as told:
        routing.take_next(timur, room.later(seconds=1))

    assert told.value.values == {"count": 1}


def test_next_says_that_nobody_waits_only_when_nobody_does(room: Room, cast: Cast) -> None:
    timur = room.active(cast.timur)

    with pytest.raises(routing.NobodyWaits) as told:
        routing.take_next(timur, room.now)

    assert type(told.value) is routing.NobodyWaits


@pytest.mark.clause("5.1")
def test_a_row_of_the_queue_names_the_language_and_the_skills_its_chat_needs(room: Room, cast: Cast) -> None:
    chat = room.waits(language="uz_Latn", skill_ids=[room.skill()])
    row = chat_list.row(chat)
    assert row is not None

    drawn = fragments.row(row, "ru", room.now)

    assert "Oʻzbekcha · Ипотека" in drawn
    assert len(drawn.encode()) <= 1024
