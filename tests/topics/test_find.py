"""A topic is found in any language and script, quickly also among thousands (clause 9.5)."""

import time

import pytest
from sqlalchemy import text

from app.actions import lists
from app.actions.journal import HERE
from app.models.db import db, transaction
from app.models.topic import TOPICS
from app.models.viewer import SYSTEM
from app.queries import topics as tree
from tests.cast import Cast
from tests.topics.grown import LATER, LIMITS, topic

pytestmark = [pytest.mark.clause("9.5"), pytest.mark.usefixtures("english")]


def found(words: str) -> list[str]:
    return [one.path for one in tree.find(words)]


@pytest.mark.parametrize(
    "words", ["лимиты", "Limitlar", "лимитлар", "limits", "limiti", "ЛИМ", "карты лимит", "kartalar limit"]
)
def test_a_topic_is_found_in_three_scripts(words: str) -> None:
    assert LIMITS in [one.id for one in tree.find(words)]


@pytest.mark.parametrize("words", ["yo'qolgan", "йўқолган", "утеря", "lost", "Yoʻqolgan", "yoqolgan"])
def test_apostrophes_and_letters_of_uzbek_are_written_as_one_likes(words: str) -> None:
    assert any("Lost or stolen" in path for path in found(words))


def test_a_topic_is_found_by_the_words_of_its_branch() -> None:
    assert "Cards › Limits" in found("карты")
    assert found("карты лимит")[0] == "Cards › Limits"


def test_the_nearest_to_what_was_typed_stands_first() -> None:
    assert found("блокировка")[0] == "Cards › Blocking"


@pytest.mark.parametrize("words", ["", "  ", "%", "😀", "_", "qwrtp"])
def test_what_is_no_topic_finds_nothing(words: str) -> None:
    assert found(words) == []


@pytest.mark.own_database
def test_an_archived_topic_is_not_offered() -> None:
    made = topic("Эскроу-счёт")
    assert found("эскроу") != []
    lists.archive(TOPICS, made, SYSTEM, HERE, LATER)
    assert found("эскроу") == []


@pytest.mark.own_database
def test_a_renamed_topic_is_found_by_its_new_name_only() -> None:
    made = topic("Эскроу-счёт")
    lists.change(TOPICS, made, {"names": {"ru": "Депозитарий"}, "parent_id": ""}, SYSTEM, HERE, LATER)
    assert found("депозит") and not [one for one in tree.find("эскроу") if one.id == made]


@pytest.mark.own_database
def test_five_thousand_topics_stay_quick() -> None:
    with transaction():
        db.session.execute(
            text("""
            INSERT INTO topic (parent_id, names, position, folded)
            SELECT (ARRAY[1, 9, NULL])[1 + n % 3], jsonb_build_object('ru', 'Тема ' || n), n, 'tema ' || n
              FROM generate_series(1, 5000) n
        """)
        )
    tree.find("тема")
    began = time.perf_counter()
    assert len(tree.find("тема 49")) == tree.FOUND
    assert time.perf_counter() - began < 0.5


def test_the_picker_asks_over_the_wire(cast: Cast) -> None:
    answer = cast.aziza.browser.get("/topics/find?words=лимит").text
    assert f'name="topic" value="{LIMITS}"' in answer and "<html" not in answer
    assert cast.kamola.browser.get("/topics/find?words=лимит").status_code == 403


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "'; DROP TABLE topic; --", "\x00", "я" * 5000])
def test_odd_words_find_nothing_and_break_nothing(cast: Cast, words: str) -> None:
    answer = cast.aziza.browser.get("/topics/find", query_string={"words": words})
    assert answer.status_code == 200 and "<script" not in answer.text
