"""A finished chat may be continued for a while without a word; later a new word begins a new one (clause 9.5)."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.actions import closing
from app.base import clock
from app.models.chat import Outcome
from app.models.db import db, transaction
from tests.cast import Cast
from tests.widget.conftest import Visitor, chat_id, one, taken_by, viewer_of

pytestmark = pytest.mark.clause("9.5")


def left(visitor: Visitor) -> int | None:
    """Seconds in which the page offers to continue; None while the chat is not over."""
    found = re.search(r'data-over="(\d+)"', visitor.get().json["state"])
    return int(found[1]) if found else None


def finished(cast: Cast, outcome: Outcome = Outcome.SOLVED) -> None:
    taken_by(cast.aziza)
    closing.finish(chat_id(), outcome, [], "", viewer_of(cast.aziza), clock.now(), topic_later=True)


def test_nothing_is_over_before_the_first_word_and_while_it_is_open(dilshod: Visitor) -> None:
    assert left(dilshod) is None
    dilshod.says("Salom")
    assert left(dilshod) is None


@pytest.mark.parametrize("by", ["bank", "client"])
def test_whoever_has_finished_it_the_client_continues_it(cast: Cast, dilshod: Visitor, by: str) -> None:
    dilshod.says("Salom")
    if by == "bank":
        finished(cast)
    else:
        dilshod.post("finish", json={})
    assert (left(dilshod) or 0) > 0
    assert "data-open" in dilshod.post("resume", json={}).json["state"]
    assert left(dilshod) is None
    assert one("SELECT count(*) FROM episode") == 1


def test_when_the_time_is_over_a_new_word_begins_a_new_chat(dilshod: Visitor) -> None:
    dilshod.says("Salom")
    dilshod.post("finish", json={})
    with transaction():
        db.session.execute(text("UPDATE episode SET closed_at = :then"), {"then": clock.now() - timedelta(days=90)})
    assert left(dilshod) == 0
    assert left_after_pressing(dilshod) == 0
    dilshod.says("Yana men")
    assert left(dilshod) is None
    assert one("SELECT count(*) FROM episode") == 2


def left_after_pressing(visitor: Visitor) -> int | None:
    assert visitor.post("resume", json={}).status_code == 200
    return left(visitor)


def test_what_was_spam_is_over_for_good(cast: Cast, dilshod: Visitor) -> None:
    dilshod.says("Salom")
    finished(cast, Outcome.SPAM)
    assert left(dilshod) == 0
