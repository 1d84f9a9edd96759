"""Whoever sees few chats finds a common word in them, however much others said; old rows are written anew."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.actions import memory
from app.base import clock
from app.models.db import db, transaction
from app.models.viewer import AnyViewer
from app.queries import search, word_search
from app.queries.search import Wish
from tests.cast import Cast
from tests.desk.clients import Client
from tests.memory.conftest import remember, told
from tests.road.conftest import viewer_of

pytestmark = [pytest.mark.clause("8.4"), pytest.mark.own_database]


@pytest.fixture
def timur(dilshod: Client, cast: Cast) -> AnyViewer:
    """An operator with one chat, after which twenty others used the same word."""
    for number in range(3):
        dilshod.writes(f"обычное {number}")
    others = [Client(f"Client {number}", 7000 + number) for number in range(20)]
    _given([dilshod.chat_id], cast.timur.id)
    _given([one.writes("обычное чужое") for one in others], cast.aziza.id)
    remember()
    return viewer_of(cast.timur)


def _given(chat_ids: list[int], person_id: int) -> None:
    with transaction():
        db.session.execute(
            text("UPDATE standing SET stage = 'work', owner_id = :id WHERE chat_id = ANY(:chats)"),
            {"id": person_id, "chats": chat_ids},
        )


@pytest.mark.parametrize("often", [0, 1000], ids=["common", "rare"])
@pytest.mark.parametrize("each", [0, 100], ids=["by words alone", "by both indexes"])
@pytest.mark.parametrize(("first", "few"), [(0, 0), (0, 5000), (200, 5000)], ids=["never", "later", "first"])
def test_a_word_of_many_is_found_in_the_few_chats_one_sees(
    timur: AnyViewer, monkeypatch: pytest.MonkeyPatch, first: int, few: int, each: int, often: int
) -> None:
    known = {"_FEW": first, "_FEW_CHATS": few, "_FEW_FOR_RARE": few, "_CHATS_FOR_ONE": each, "_CHATS_FOR_NONE": 0}
    for name, value in {**known, "_OFTEN": often, "_WINDOW": 5}.items():
        monkeypatch.setattr(word_search, name, value)
    newest = search.messages(timur, Wish("обычное"), page=2)
    rest = search.messages(timur, Wish("обычное"), newest.after or "", page=2)
    assert told(newest) + told(rest) == ["обычное 2", "обычное 1", "обычное 0"]
    assert not rest.after


def test_whoever_sees_nothing_finds_nothing_and_is_told_there_is_no_more(timur: AnyViewer, cast: Cast) -> None:
    found = search.messages(viewer_of(cast.kamola), Wish("обычное"), page=2)
    assert (found.hits, found.after, found.stopped) == ((), None, False)


def test_a_search_in_one_chat_passes_by_the_others(timur: AnyViewer, dilshod: Client, cast: Cast) -> None:
    asked = Wish("обычное", chat_id=dilshod.chat_id)
    assert told(search.messages(viewer_of(cast.botir), asked, page=2)) == ["обычное 2", "обычное 1"]
    assert not search.messages(viewer_of(cast.aziza), asked).hits


def test_months_follow_each_other_newest_first(dilshod: Client, cast: Cast) -> None:
    now = clock.now()
    moments = [now.replace(day=1) - timedelta(days=1), now - timedelta(minutes=5), now]
    for number, moment in enumerate(moments):
        dilshod.writes(f"месяц {number}", now=moment)
    memory.begin_again()
    remember()
    first = search.messages(viewer_of(cast.botir), Wish("месяц"), page=2)
    rest = search.messages(viewer_of(cast.botir), Wish("месяц"), first.after or "", page=2)
    assert told(first) + told(rest) == ["месяц 2", "месяц 1", "месяц 0"]


def test_words_of_before_are_written_anew_and_what_is_new_comes_first(
    dilshod: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        dilshod.writes(f"старое {number}")
    remember()
    with transaction():
        db.session.execute(text("UPDATE message_words SET words = '{}'"))
    memory.begin_again()
    monkeypatch.setattr(memory, "MOST", 2)
    dilshod.writes("новое")
    assert memory.keep_words(clock.now()) == 3
    assert told(search.messages(viewer_of(cast.botir), Wish("новое"))) == ["новое"]
    while memory.keep_words(clock.now()):
        pass
    assert len(search.messages(viewer_of(cast.botir), Wish("старое")).hits) == 5
