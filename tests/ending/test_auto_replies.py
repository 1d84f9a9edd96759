"""What the desk says by itself: once for an occasion, in the client's language, never in answer to itself."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.actions import auto_replies, routing
from app.models.chat import Outcome
from app.models.db import db, transaction
from tests.cast import Cast
from tests.ending.conftest import Desk, setting, tashkent
from tests.ending.test_closing_times import moments
from tests.road.conftest import viewer_of

pytestmark = pytest.mark.clause("1.6", "7.1")

_BACK = text("""
    UPDATE business_hours SET week = CAST(:week AS jsonb), holidays = CAST(:days AS jsonb) WHERE id = :id
""")
MONDAY = (2026, 11, 23, 11, 0)


@pytest.fixture(autouse=True)
def working_hours(desk: Desk) -> None:
    desk.at = tashkent(*MONDAY)


def test_a_client_is_greeted_once_in_his_language(desk: Desk) -> None:
    desk.client_says("Salom")
    desk.client_says("Yana")
    desk.delivers()

    assert desk.sent() == ["Assalomu alaykum, Dilshod! Bu Muloqot. Sizga qanday yordam bera olamiz?"]
    assert desk.one("SELECT state FROM message WHERE kind = 'bot'") == "sent"


def test_the_client_still_waits_after_an_automatic_word(desk: Desk) -> None:
    desk.client_says()

    assert desk.one("SELECT waits_since IS NOT NULL AND awaits_since IS NULL AND unread = 1 FROM standing")
    assert desk.one("SELECT first_reply_at IS NULL FROM episode")


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ((2026, 11, 23, 23, 30), "ertaga soat 09:00 da"),
        ((2026, 11, 24, 0, 30), "bugun soat 09:00 da"),
        ((2026, 11, 30, 23, 59), "ertaga soat 09:00 da"),
        ((2026, 12, 1, 0, 1), "bugun soat 09:00 da"),
    ],
)
def test_out_of_hours_the_client_hears_when_the_bank_opens(desk: Desk, moment: tuple[int, ...], opens: str) -> None:
    hours("09:00", "18:00")
    desk.at = tashkent(*moment)
    desk.client_says()

    assert desk.said() == [f"Hozir operatorlar ishlamayapti. Xabaringizni oʻqib, {opens} javob beramiz."]


def test_on_a_holiday_another_word_is_said(desk: Desk) -> None:
    hours("09:00", "18:00", holidays=["11-23"])
    desk.client_says()

    assert desk.said() == ["Bugun bayram. Sizga ertaga soat 09:00 da javob beramiz. Bayramingiz muborak boʻlsin!"]


def test_whoever_waits_behind_others_hears_his_place(desk: Desk) -> None:
    desk.client_says("1", of=77)
    desk.client_says("2")

    assert [one for one in desk.said() if "navbatda" in one] == [
        "Siz navbatdasiz, oʻrningiz: 2. Kutish vaqti taxminan 4 daqiqa."
    ]


def test_a_place_is_told_again_only_when_it_changed_and_not_too_often(desk: Desk) -> None:
    for number in range(3):
        desk.client_says("Salom", of=70 + number)
    assert places(desk) == ["2", "3"]
    desk.later(minutes=1)
    take_first(desk)
    auto_replies.tell_waiting(desk.at)
    assert places(desk) == ["2", "3"]
    desk.later(minutes=5)
    auto_replies.tell_waiting(desk.at)
    auto_replies.tell_waiting(desk.at)
    assert places(desk) == ["2", "2", "3"]


def test_a_long_wait_is_excused_once(desk: Desk) -> None:
    desk.client_says()
    desk.later(minutes=11)
    assert auto_replies.tell_waiting(desk.at) == 1
    desk.later(minutes=11)
    assert auto_replies.tell_waiting(desk.at) == 0

    assert sum("uzr" in one for one in desk.said()) == 1


@moments
def test_a_long_wait_is_told_as_soon_as_its_minutes_are_over(desk: Desk, begins: datetime) -> None:
    hours("00:00", "24:00")
    desk.at = begins
    desk.client_says()
    due = desk.one("SELECT waits_since FROM standing") + timedelta(minutes=10)
    assert auto_replies.tell_waiting(due - timedelta(seconds=1)) == 0
    assert auto_replies.tell_waiting(due) == 1


def test_each_operator_is_named_once(desk: Desk, cast: Cast) -> None:
    desk.client_says()
    desk.takes()
    routing.transfer(desk.chat_id, desk.aziza, desk.at, to_person=cast.timur.id)
    timur = viewer_of(cast.timur)
    routing.take(desk.chat_id, timur, desk.at)

    assert sum("Aziza" in one for one in desk.said()) == 1


def test_a_robot_at_the_other_end_does_not_start_a_loop(desk: Desk) -> None:
    setting("replies.most", 2)
    desk.client_says()
    number = desk.chat_id
    with transaction() as tx:
        said = [auto_replies.say(tx, number, "long_wait", desk.at, occasion=str(n)) for n in range(5)]

    assert said == [True, False, False, False, False]


def test_the_same_occasion_is_never_said_twice(desk: Desk) -> None:
    desk.client_says()
    number = desk.chat_id
    with transaction() as tx:
        first, second = (auto_replies.say(tx, number, "long_wait", desk.at) for _ in range(2))

    assert (first, second) == (True, False)


def test_a_channel_says_its_own_words_and_a_group_before_it(desk: Desk) -> None:
    group_id = desk.one("SELECT min(id) FROM staff_group")
    exception("greeting", "Kanal salomi", channel_id=desk.channel_id)
    desk.client_says()
    desk.takes()
    desk.closes()
    assert desk.said()[0] == "Kanal salomi"
    exception("closing", "Guruh xayri", group_id=group_id)
    exception("closing", "Kanal xayri", channel_id=desk.channel_id)
    assert said_here(desk, "closing", group_id) == "Guruh xayri"
    assert said_here(desk, "closing", None) == "Kanal xayri"


def test_a_channel_may_say_nothing(desk: Desk) -> None:
    exception("greeting", "", channel_id=desk.channel_id, silent=True)
    desk.client_says()

    assert desk.said() == []


def test_a_switched_off_reply_is_not_said(desk: Desk) -> None:
    with transaction():
        db.session.execute(text("UPDATE auto_reply SET archived_at = now() WHERE kind = 'greeting'"))
    desk.client_says()

    assert desk.said() == []


def test_a_full_queue_is_said_instead_of_the_place(desk: Desk) -> None:
    group_id = desk.one("SELECT min(id) FROM staff_group")
    with transaction():
        db.session.execute(text("UPDATE staff_group SET most_waiting = 1 WHERE id = :id"), {"id": group_id})
    try:
        desk.client_says("1", of=77)
        with transaction():
            db.session.execute(text("UPDATE standing SET group_id = :id"), {"id": group_id})
        desk.client_says("2")
        last = desk.one("SELECT max(id) FROM chat")
        with transaction() as tx:
            db.session.execute(text("UPDATE standing SET group_id = :id"), {"id": group_id})
            db.session.execute(text("DELETE FROM auto_said"))
            auto_replies.welcome(tx, last, desk.at)
        assert any("Hozir bizga juda koʻp yozishmoqda" in one for one in desk.said())
    finally:
        with transaction():
            db.session.execute(text("UPDATE staff_group SET most_waiting = NULL"))


def test_a_client_who_blocked_us_is_told_nothing(desk: Desk) -> None:
    desk.client_says()
    with transaction():
        db.session.execute(text("UPDATE identity SET blocked_us_at = now()"))
    number = desk.chat_id
    with transaction() as tx:
        assert not auto_replies.say(tx, number, "long_wait", desk.at)


def test_the_closing_words_come_once_for_each_closing(desk: Desk) -> None:
    desk.client_says()
    desk.takes()
    desk.says()
    desk.closes()
    assert desk.asks() == 1
    assert desk.asks() == 0

    assert sum("murojaat qilganingiz uchun rahmat" in one for one in desk.said()) == 1


def test_nothing_is_said_after_spam(desk: Desk) -> None:
    desk.client_says()
    desk.takes()
    desk.says()
    desk.closes(Outcome.SPAM)
    before = desk.said()
    desk.asks()

    assert desk.said() == before


def hours(begins: str, ends: str, holidays: list[str] | None = None) -> None:
    week = {day: [[begins, ends]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    with transaction():
        db.session.execute(
            text("UPDATE business_hours SET week = CAST(:week AS jsonb), holidays = CAST(:holidays AS jsonb)"),
            {"week": json.dumps(week), "holidays": json.dumps(holidays or [])},
        )


@pytest.fixture(autouse=True)
def hours_come_back(desk: Desk) -> Any:
    rows = db.session.execute(text("SELECT id, week, holidays FROM business_hours")).all()
    db.session.rollback()
    yield
    with transaction():
        for row in rows:
            db.session.execute(
                _BACK,
                {"id": row.id, "week": json.dumps(row.week), "days": json.dumps(row.holidays)},
            )


def exception(
    kind: str, words: str, *, channel_id: int | None = None, group_id: int | None = None, silent: bool = False
) -> None:
    with transaction():
        db.session.execute(
            text("""INSERT INTO reply_exception (names, position, kind, channel_id, group_id, silent, texts)
                    VALUES ('{"ru": "x"}', 1, :kind, :channel_id, :group_id, :silent, CAST(:texts AS jsonb))"""),
            {
                "kind": kind,
                "channel_id": channel_id,
                "group_id": group_id,
                "silent": silent,
                "texts": json.dumps({"ru": words}) if words else "{}",
            },
        )


def said_here(desk: Desk, kind: str, group_id: int | None) -> str:
    from dataclasses import replace

    from app.queries import auto_replies as replies

    to = replies.addressee(desk.chat_id)
    assert to is not None
    return replies.text_of(kind, replace(to, group_id=group_id))


def places(desk: Desk) -> list[str]:
    return sorted(one.partition(": ")[2].partition(".")[0] for one in desk.said() if "oʻrningiz" in one)


def take_first(desk: Desk) -> None:
    routing.take(desk.one("SELECT min(chat_id) FROM standing WHERE stage = 'queue'"), desk.aziza, desk.at)


@pytest.mark.parametrize(
    ("language", "called", "said"),
    [
        ("uz_Cyrl", "Gulnora Yoʻldosheva", "Гулнора Йўлдошева"),
        ("uz_Latn", "Гулнора Йўлдошева", "Gulnora Yoʻldosheva"),
        ("uz_Latn", "Gulnora", "Gulnora"),
        ("ru", "Gulnora", "Gulnora"),
    ],
)
def test_an_operator_is_named_in_the_script_of_the_words_around(
    desk: Desk, language: str, called: str, said: str
) -> None:
    desk.client_says()
    with transaction():
        db.session.execute(text("UPDATE standing SET language = :code"), {"code": language})
        db.session.execute(text("UPDATE person SET public_name = :name"), {"name": called})
    exception("operator_joined", "* {operator.name}", channel_id=desk.channel_id)
    desk.takes()

    assert desk.said()[-1] == f"* {said}"
