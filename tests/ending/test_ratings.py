"""After every closing in which an operator spoke the client is asked once, and his answer counts once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.actions import asking, closing, rating
from app.base import clock
from app.models.chat import Outcome
from app.models.db import db, transaction
from app.models.rating import callback, is_low, read_callback
from app.queries import ratings
from tests.cast import Cast
from tests.ending.conftest import Desk, setting

pytestmark = pytest.mark.clause("9.6")

EVENTS = "SELECT count(*) FROM event WHERE verb = :verb"


def test_the_client_is_asked_with_buttons_in_his_language(desk: Desk) -> None:
    desk.served()
    desk.delivers()

    assert desk.sent()[-1] == "Iltimos, xizmatimizni baholang."
    assert desk.buttons()[:-1] == ["1", "2", "3", "4", "5"]


def test_a_pressed_mark_is_kept_answered_and_thanked_for(desk: Desk) -> None:
    desk.served()
    desk.delivers()
    desk.presses(callback(desk.rating_id, "4"))
    desk.delivers()

    assert desk.one("SELECT mark FROM rating") == 4
    assert desk.answered() == [""]
    assert desk.telegram.calls("editMessageText")[-1]["params"]["text"] == "Rahmat! Sizning bahoyingiz: 4."
    assert len(desk.buttons("editMessageText")) == 2
    assert desk.one("SELECT data FROM event WHERE verb = 'rated'") == {"mark": 4, "scale": 5}


def test_on_the_scale_of_ten_there_are_ten_buttons(desk: Desk) -> None:
    setting("rating.scale", "10")
    desk.served()
    desk.delivers()
    assert desk.buttons()[:-1] == [str(mark) for mark in range(1, 11)]

    desk.presses(callback(desk.rating_id, "10"))
    assert desk.one("SELECT mark FROM rating") == 10


def test_a_press_that_comes_twice_counts_once(desk: Desk) -> None:
    desk.served()
    desk.delivers()
    for press in (900_001, 900_001, 900_002):
        desk.presses(callback(desk.rating_id, "5"), press=press)
    desk.presses(callback(desk.rating_id, "1"))
    desk.delivers()

    assert desk.one("SELECT mark FROM rating") == 5
    assert desk.one(EVENTS, verb="rated") == 1
    assert desk.answered()[0] == ""
    assert all(desk.answered()[1:])
    assert len(desk.answered()) == 3


def test_two_presses_at_once_leave_one_mark(app: Flask, desk: Desk) -> None:
    desk.served()
    found = ratings.one(desk.rating_id)
    assert found is not None
    db.session.rollback()

    def give(mark: int) -> bool:
        with app.app_context():
            try:
                rating.rate(found, mark, desk.at)
            except rating.RatedAlready:
                return False
            return True

    with ThreadPoolExecutor(5) as pool:
        assert sum(pool.map(give, range(1, 6))) == 1


@pytest.mark.parametrize(
    "data",
    ["", "rate:", "rate:x:5", "rate:999999999999999999999:5", "rate:{id}:0", "rate:{id}:6", "rate:{id}:٣", "menu:1"],
)
def test_data_that_no_button_of_ours_has_changes_nothing(desk: Desk, data: str) -> None:
    desk.served()
    desk.presses(data.format(id=desk.rating_id) or " ")
    desk.delivers()

    assert desk.one("SELECT count(*) FROM rating WHERE mark IS NOT NULL") == 0
    assert len(desk.answered()) == 1
    assert desk.one("SELECT count(*) FROM inbox WHERE state <> 'taken'") == 0
    assert desk.one("SELECT count(*) FROM message WHERE kind = 'client'") == 1


def test_nobody_rates_for_another(desk: Desk) -> None:
    desk.served()
    desk.telegram.chat(77)
    desk.client_says("Boshqa odam", of=77)
    desk.presses(callback(desk.rating_id, "1"), of=77)

    assert desk.one("SELECT count(*) FROM rating WHERE mark IS NOT NULL") == 0


def test_a_late_press_is_answered_and_the_buttons_go(desk: Desk) -> None:
    desk.served()
    desk.delivers()
    desk.later(hours=71)
    assert desk.one("SELECT ends_at > :at FROM rating", at=desk.at)
    desk.later(hours=2)
    desk.presses(callback(desk.rating_id, "5"))
    desk.delivers()

    assert desk.one("SELECT mark FROM rating") is None
    assert desk.answered()[-1]
    assert desk.buttons("editMessageText") == []


@pytest.mark.parametrize("minutes", [1, 30])
def test_a_comment_is_the_next_word_after_its_button_and_opens_nothing(desk: Desk, minutes: int) -> None:
    desk.served()
    desk.delivers()
    desk.presses(callback(desk.rating_id, "3"))
    desk.presses(callback(desk.rating_id, "comment"))
    desk.later(minutes=minutes)
    desk.client_says("Tezroq boʻlsa yaxshi edi")
    desk.delivers()

    in_time = minutes < 15
    assert (desk.one("SELECT comment IS NOT NULL FROM rating")) is in_time
    assert (desk.one("SELECT count(*) FROM standing") == 0) is in_time
    assert "Tezroq boʻlsa yaxshi edi" in desk.said("client")


def test_there_is_one_question_for_each_closing(desk: Desk) -> None:
    desk.served()
    for _ in range(3):
        asking.ask(desk.at)
    assert desk.one("SELECT count(*) FROM rating") == 1

    desk.client_says("Yana bir savol")
    desk.takes_again()
    desk.says("Mana")
    desk.closes()
    desk.asks()
    assert desk.one("SELECT count(*) FROM rating") == 2
    assert desk.one("SELECT count(DISTINCT closure_id) FROM rating") == 2
    assert desk.one("SELECT count(*) FROM episode") == 1


def test_a_second_closing_without_a_word_of_an_operator_is_not_rated(desk: Desk) -> None:
    desk.served()
    desk.client_says("Rahmat")
    desk.takes_again()
    desk.closes()
    desk.asks()

    assert desk.one("SELECT count(*) FROM rating") == 1


@pytest.mark.parametrize("why", ["spam", "nobody spoke", "client blocked us", "switched off"])
def test_some_closings_are_not_asked_about(desk: Desk, why: str) -> None:
    if why == "switched off":
        setting("rating.ask", False)
    desk.client_says()
    desk.takes()
    if why != "nobody spoke":
        desk.says()
    if why == "client blocked us":
        with transaction():
            db.session.execute(text("UPDATE identity SET blocked_us_at = now()"))
    desk.closes(Outcome.SPAM if why == "spam" else Outcome.SOLVED)

    assert desk.asks() == 0
    assert desk.one("SELECT count(*) FROM rating") == 0
    assert desk.one("SELECT count(*) FROM closure") == 1


def test_a_limit_a_day_holds_until_midnight_in_tashkent(desk: Desk) -> None:
    setting("rating.most_a_day", 1)
    setting("ending.resume_minutes", 0)
    desk.at = clock.day_bounds(clock.business_day(desk.at))[1] - timedelta(minutes=10)
    desk.served()
    desk.served()
    assert desk.one("SELECT count(*) FROM rating") == 1
    desk.later(minutes=10)
    desk.served()
    assert desk.one("SELECT count(*) FROM rating") == 2


def test_a_low_mark_is_told_to_supervisors(desk: Desk, cast: Cast) -> None:
    botir = cast.botir.id
    desk.served()
    desk.presses(callback(desk.rating_id, "2"))

    assert desk.one("SELECT person_id FROM notice WHERE kind = 'rating.low' AND important") == botir


def test_a_good_mark_is_told_to_nobody(desk: Desk, cast: Cast) -> None:
    assert cast.botir
    desk.served()
    desk.presses(callback(desk.rating_id, "3"))

    assert desk.one("SELECT count(*) FROM notice") == 0


def test_the_button_continues_the_same_chat_with_the_same_operator(desk: Desk) -> None:
    desk.served()
    desk.presses(callback(desk.rating_id, "resume"))
    desk.presses(callback(desk.rating_id, "resume"))
    desk.delivers()

    assert desk.one("SELECT count(*) FROM episode") == 1
    assert desk.one("SELECT type FROM episode") == "resumed"
    assert desk.one("SELECT owner_id FROM standing") == desk.aziza.person_id
    assert desk.one("SELECT waits_since IS NOT NULL FROM standing")
    assert desk.one(EVENTS, verb="resumed") == 1


def test_the_card_of_a_chat_knows_its_mark(desk: Desk) -> None:
    desk.served()
    found = ratings.one(desk.rating_id)
    assert found is not None
    rating.answer(found, 5, "Zoʻr", desk.at)

    given = ratings.of_episodes([found.episode_id])[found.episode_id]
    assert (given.mark, given.scale, given.comment) == (5, 5, "Zoʻr")


def test_a_comment_lies_sealed(desk: Desk) -> None:
    desk.served()
    found = ratings.one(desk.rating_id)
    assert found is not None
    rating.answer(found, 5, "Maxfiy gap", desk.at)

    assert b"Maxfiy" not in bytes(desk.one("SELECT comment FROM rating"))


@pytest.mark.parametrize(
    ("mark", "scale", "low"), [(2, 5, True), (3, 5, False), (4, 10, True), (5, 10, False), (1, 5, True)]
)
def test_low_is_measured_on_its_own_scale(mark: int, scale: int, low: bool) -> None:
    assert is_low(mark, scale, 2) is low


def test_a_callback_fits_what_telegram_takes() -> None:
    data = callback(10**18 - 1, "comment")
    assert len(data.encode()) <= 64
    assert read_callback(data) == (10**18 - 1, "comment")


def test_a_client_who_ended_the_chat_himself_is_asked_too(desk: Desk) -> None:
    desk.client_says()
    desk.takes()
    desk.says()
    desk.later(seconds=1)
    closing.finish_by_client(desk.chat_id, desk.one("SELECT min(id) FROM identity"), desk.at)

    assert desk.asks() == 1
    assert desk.one("SELECT how FROM closure") == "client"
