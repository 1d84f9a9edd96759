"""The card of a rating in the chat on the site: drawn in the talk, answered once, nobody else's."""

import pytest
from flask import Flask

from app.actions import asking, closing, reply
from app.base import clock
from app.models.chat import Outcome
from tests.cast import Cast
from tests.ending.conftest import speaking
from tests.widget.conftest import Visitor, dilshod, key, one, taken_by, viewer_of

__all__ = ["dilshod", "key", "speaking"]
pytestmark = pytest.mark.clause("9.6", "4.1")


@pytest.fixture
def served(cast: Cast, speaking: None, dilshod: Visitor) -> Visitor:
    """Dilshod was answered, the chat was closed, the card stands in his talk."""
    dilshod.says("Salom")
    aziza = viewer_of(cast.aziza)
    chat_id = taken_by(cast.aziza)
    reply.say(chat_id, "Mana", aziza, clock.now())
    closing.finish(chat_id, Outcome.SOLVED, [], "", aziza, clock.now())
    asking.ask(clock.now())
    return dilshod


def test_the_card_stands_in_the_talk_in_the_visitors_language(served: Visitor) -> None:
    talk = served.reads()
    assert talk.count('class="ask"') == 1
    assert 'data-stage="ask"' in talk
    assert "Iltimos, xizmatimizni baholang." in talk
    assert talk.count('type="radio"') == 5
    assert one("SELECT how FROM rating") == "card"


def test_a_mark_and_a_comment_are_kept_and_thanked_for(served: Visitor) -> None:
    number = one("SELECT id FROM rating")
    answer = served.post("rating", json={"rating": number, "mark": 5, "comment": "Zoʻr"})
    assert answer.status_code == 200
    assert 'data-stage="done"' in served.reads()
    assert served.post("rating", json={"rating": number, "mark": 1, "comment": ""}).status_code == 409
    assert one("SELECT mark FROM rating") == 5


def test_a_comment_may_follow_the_mark(served: Visitor) -> None:
    number = one("SELECT id FROM rating")
    served.post("rating", json={"rating": number, "mark": 3, "comment": ""})
    assert 'data-stage="comment"' in served.reads()
    served.post("rating", json={"rating": number, "mark": None, "comment": "Sekin"})
    assert 'data-stage="done"' in served.reads()


@pytest.mark.parametrize(
    "wish",
    [{}, {"mark": 9}, {"mark": "5"}, {"mark": True}, {"mark": None, "comment": "gap"}, {"rating": "x", "mark": 5}],
)
def test_what_is_no_answer_is_refused(served: Visitor, wish: dict[str, object]) -> None:
    answer = served.post("rating", json={"rating": one("SELECT id FROM rating"), **wish})
    assert answer.status_code in (404, 422)
    assert one("SELECT mark FROM rating") is None


def test_nobody_rates_for_another_visitor(app: Flask, key: str, served: Visitor) -> None:
    other = Visitor(app, key)
    other.enters()
    other.says("Salom")
    answer = other.post("rating", json={"rating": one("SELECT id FROM rating"), "mark": 1, "comment": ""})
    assert answer.status_code == 404
    assert one("SELECT mark FROM rating") is None


def test_the_card_continues_the_chat(served: Visitor) -> None:
    answer = served.post("resume", json={})
    assert "data-open" in answer.json["state"]
    assert one("SELECT count(*) FROM episode") == 1
    assert one("SELECT owner_id IS NOT NULL FROM standing")
