"""The supervisor's page of ratings: figures by operator, group, topic, channel; marks that are left out."""

import pytest
from sqlalchemy import text

from app.actions import rating
from app.models.db import db, transaction
from app.queries import ratings
from tests.cast import Cast
from tests.ending.conftest import Desk, setting

pytestmark = pytest.mark.clause("9.6", "1.7")


@pytest.fixture
def rated(desk: Desk) -> int:
    """One low mark with a comment, and one question without an answer."""
    setting("ending.resume_minutes", 0)
    desk.served()
    number = desk.rating_id
    found = ratings.one(number)
    assert found is not None
    rating.answer(found, 2, "Uzoq kutdim", desk.at)
    desk.served()
    return number


def test_the_figures_and_the_comments_are_there(cast: Cast, rated: int) -> None:
    page = cast.botir.browser.get("/watch/ratings").text
    assert "Uzoq kutdim" in page
    assert "Азиза Каримова" in page
    assert "50 %" in page
    assert "Bank bot" in page


def test_filters_leave_out_the_others(cast: Cast, rated: int) -> None:
    browser = cast.botir.browser
    assert "Uzoq kutdim" in browser.get(f"/watch/ratings?operator={cast.aziza.id}&low=1&spoken=1").text
    assert "Uzoq kutdim" not in browser.get(f"/watch/ratings?operator={cast.timur.id}").text
    assert "Uzoq kutdim" not in browser.get("/watch/ratings?since=2020-01-01&until=2020-01-31").text
    for odd in ("since=x&until=y", "operator=x", "channel=99999999999999999999", "before=x", "topic=1&group=1"):
        assert browser.get(f"/watch/ratings?{odd}").status_code == 200


def test_a_mark_is_left_out_with_a_reason_and_journalled(desk: Desk, cast: Cast, rated: int) -> None:
    browser = cast.botir.browser
    assert browser.post(f"/watch/ratings/{rated}/exclude", {"why": " "}).status_code == 303
    assert not desk.one("SELECT excluded_at IS NOT NULL FROM rating WHERE id = :id", id=rated)

    browser.post(f"/watch/ratings/{rated}/exclude", {"why": "Xato bosgan"})
    page = browser.get("/watch/ratings").text
    assert "Xato bosgan" in page
    assert desk.one("SELECT excluded_by FROM rating WHERE id = :id", id=rated) == cast.botir.id
    assert desk.one("SELECT count(*) FROM journal WHERE kind = 'rating.excluded'") == 1

    browser.post(f"/watch/ratings/{rated}/include")
    assert desk.one("SELECT excluded_at FROM rating WHERE id = :id", id=rated) is None
    assert desk.one("SELECT count(*) FROM journal WHERE kind = 'rating.included'") == 1


def test_operators_do_not_see_the_page(cast: Cast, rated: int) -> None:
    assert cast.aziza.browser.get("/watch/ratings").status_code == 403


def test_a_rating_of_another_group_is_out_of_reach(desk: Desk, cast: Cast, rated: int) -> None:
    botir = cast.botir
    narrow = "UPDATE role_permission SET scope = :scope WHERE permission = 'chats.manage'"
    with transaction():
        db.session.execute(text(narrow), {"scope": "groups"})
    try:
        assert "Uzoq kutdim" not in botir.browser.get("/watch/ratings").text
        assert botir.browser.post(f"/watch/ratings/{rated}/exclude", {"why": "x"}).status_code in (303, 404)
        assert desk.one("SELECT excluded_at FROM rating WHERE id = :id", id=rated) is None
    finally:
        with transaction():
            db.session.execute(text(narrow), {"scope": "all"})
