"""What no row can hold is asked for in vain: a number too great, letters that are none; over pages and sockets."""

import pytest
from flask import Flask, request

from tests.cast import Cast
from tests.entry.asking import token
from tests.entry.test_socket import Dial, address, dial

pytestmark = pytest.mark.clause("15.5")
__all__ = ["address", "dial"]  # the fixtures


@pytest.mark.parametrize("number", ["9" * 19, "9" * 5000, "٣", "-1", "1e3", "%00"])
def test_no_such_number_is_an_address(cast: Cast, number: str) -> None:
    for place in ("/chats/{}", "/me/news/{}", "/watch/chats/{}"):
        assert cast.botir.browser.get(place.format(number)).status_code in (404, 405)


def test_a_number_too_great_for_any_row_is_no_number(app: Flask, cast: Cast) -> None:
    for asked in ("9223372036854775807", "9223372036854775808", "-" + "9" * 30, "9" * 5000):
        assert cast.aziza.browser.get("/chats", query_string={"channel": asked, "current": asked}).status_code == 200
    with app.test_request_context("/?n=9223372036854775808&n=7"):
        assert request.args.get("n", 5, type=int) == 5
        assert request.args.getlist("n", type=int) == [7]


def test_what_the_database_keeps_in_no_text_is_left_out(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"na\x00me": "Dil\x00shod"}):
        assert request.form["name"] == "Dilshod"


def test_bytes_that_are_no_letters_find_nothing(cast: Cast) -> None:
    answer = cast.aziza.browser.client.get("/chats", environ_overrides={"QUERY_STRING": "q=\xff\xfe"})
    assert answer.status_code == 200


@pytest.mark.parametrize("event", ["watch", "here", "differs", "active"])
def test_words_that_do_not_fit_are_not_heard(cast: Cast, dial: Dial, event: str) -> None:
    ear = dial(cast.aziza.browser.token)
    for number in range(4):
        ear.call(event, tuple(range(number)), timeout=20)
    assert ear.call("watch", ["everyone"], timeout=20) == []


@pytest.mark.parametrize("field", ["login", "password"])
def test_a_word_too_long_for_its_field_is_told_so(app: Flask, field: str) -> None:
    browser = app.test_client()
    form = {"login": "aziza", "password": "x", "csrf_token": token(browser)} | {field: "A" * 5000}
    answer = browser.post("/sign-in", data=form)
    assert answer.status_code == 422
    assert "%(" not in answer.text
