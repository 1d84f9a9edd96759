"""The word of a code in one message and its digits in the next: the digits are not kept, other numbers are."""

import re
from typing import Any

import pytest
from flask import Flask
from psycopg import Connection
from sqlalchemy import text

from app.actions import memory
from app.base import clock
from app.models.db import db
from tests.cast import Cast
from tests.ending.conftest import Desk
from tests.memory.test_codes import _opened as opened
from tests.memory.test_pages import HX
from tests.memory.test_planted import dump
from tests.road.conftest import edited, message

pytestmark = [pytest.mark.clause("15.5", "12.2"), pytest.mark.own_database]

NUMBER = "48291377"
DOTS = "••••••••"


@pytest.fixture
def talk(desk: Desk) -> Desk:
    """Dilshod has written, Aziza has taken his chat."""
    desk.client_says()
    desk.takes()
    return desk


def _kept(superuser: "Connection[Any]") -> list[str]:
    """Where the number is kept, sealed or not."""
    heap = dump(superuser)
    found = [name for name, value in opened() if NUMBER.encode() in value]
    # By itself: hexadecimal holds any digits.
    alone = re.search(rf"(?<![0-9A-Fa-f]){NUMBER}(?![0-9A-Fa-f])".encode(), heap)
    return found + ["a table"] * (alone is not None)


@pytest.mark.parametrize(
    "asked",
    [
        "Назовите, пожалуйста, код из СМС",
        "SMS kodni ayting",
        "СМС кодни айтинг",
        "Please tell me the code from the SMS",
    ],
)
def test_digits_that_answer_the_question_for_a_code_are_not_kept(
    talk: Desk, superuser: "Connection[Any]", asked: str
) -> None:
    talk.says(asked)
    talk.client_says("hozir")
    talk.client_says(NUMBER)
    assert talk.said("client")[-1] == DOTS
    assert _kept(superuser) == []


@pytest.mark.parametrize("announced", ["пришёл код", "kod keldi", "код келди", "here is the code"])
def test_digits_after_the_client_announced_a_code_are_not_kept_though_both_are_taken_at_once(
    talk: Desk, superuser: "Connection[Any]", announced: str
) -> None:
    moment = talk.at.timestamp()
    talk.hears(message(announced, at=moment), message(NUMBER, at=moment))
    assert talk.said("client")[-2:] == [announced, DOTS]
    assert _kept(superuser) == []


@pytest.mark.parametrize(
    "asked",
    [
        "Какую сумму вы перевели?",
        "Назовите последние цифры номера карты",
        "Qancha pul o'tkazdingiz?",
        "Қанча пул ўтказдингиз?",
        "What amount did you transfer?",
    ],
)
def test_a_number_that_was_asked_for_otherwise_stays(talk: Desk, asked: str) -> None:
    talk.client_says("пришёл код из смс")
    talk.says(asked)
    talk.client_says(NUMBER)
    assert talk.said("client")[-1] == NUMBER


def test_an_amount_after_the_code_has_come_stays(talk: Desk) -> None:
    talk.says("Назовите код из СМС")
    talk.client_says("482913")
    talk.client_says("150000")
    assert talk.said("client")[-2:] == ["••••••", "150000"]


def test_a_number_long_after_the_word_stays(talk: Desk) -> None:
    talk.says("Назовите код из СМС")
    talk.later(minutes=4)
    talk.client_says(NUMBER)
    assert talk.said("client")[-1] == NUMBER


def test_another_chat_has_nothing_to_do_with_it(talk: Desk) -> None:
    talk.says("Назовите код из СМС")
    talk.client_says(NUMBER, of=4343)
    assert talk.said("client")[-1] == NUMBER


def test_an_edit_that_leaves_only_the_digits_is_not_kept(talk: Desk, superuser: "Connection[Any]") -> None:
    talk.says("Назовите код из СМС")
    talk.later(seconds=1)
    first = message("сейчас", at=talk.at.timestamp())
    talk.hears(first, edited(first, NUMBER))
    assert talk.said("client")[-1] == DOTS
    assert _kept(superuser) == []


def test_an_operators_digits_arrive_as_written_and_are_not_kept(talk: Desk, superuser: "Connection[Any]") -> None:
    talk.says("Ваш одноразовый код:")
    talk.says(NUMBER)
    talk.delivers()
    assert talk.sent()[-1] == NUMBER
    assert talk.said("mine")[-1] == DOTS
    assert _kept(superuser) == []


def test_notes_drafts_and_changed_answers_follow(talk: Desk, cast: Cast, superuser: "Connection[Any]") -> None:
    talk.at = clock.now()
    talk.says("Ваш одноразовый код придёт сейчас. Какой код вы видите?")
    talk.says("сейчас")
    talk.delivers()
    here, browser = f"/chats/{talk.chat_id}", cast.aziza.browser
    answer = talk.one("SELECT id FROM message WHERE kind = 'mine' ORDER BY at DESC LIMIT 1")
    assert browser.post(f"{here}/reword/{answer}", {"text": NUMBER}, headers=HX).status_code == 204
    talk.delivers()
    browser.post(f"{here}/note", {"text": NUMBER}, headers=HX)
    browser.post(f"{here}/draft", {"text": NUMBER}, headers=HX)
    page = browser.get(here, headers=HX).text
    assert page.count(DOTS) >= 3 and NUMBER not in page
    assert _kept(superuser) == []


def test_the_digits_are_no_words_to_search_by(talk: Desk, app: Flask) -> None:
    talk.says("Назовите код из СМС")
    talk.client_says(NUMBER)
    memory.keep_words(clock.now())
    found = db.session.scalar(
        text("SELECT count(*) FROM message_words WHERE words && CAST(:words AS int[])"),
        {"words": memory.words_of(NUMBER)},
    )
    assert found == 0
