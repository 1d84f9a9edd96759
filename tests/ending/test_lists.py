"""Exceptions of channels and groups are kept by the administrator in the lists."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.ending.conftest import Desk, tashkent

pytestmark = pytest.mark.clause("7.1")


def reply(desk: Desk, **more: Any) -> dict[str, Any]:
    return {
        "names.ru": "Приветствие в Telegram", "kind": "greeting", "channel_id": str(desk.channel_id),
        "texts.ru": "Здравствуйте, {client.name}", **more,
    }  # fmt: skip


def test_a_reply_of_a_channel_is_added_and_said(desk: Desk, cast: Cast) -> None:
    assert cast.kamola.browser.get("/office/lists/reply-exceptions/add").status_code == 200
    answer = cast.kamola.browser.post("/office/lists/reply-exceptions/add", reply(desk))
    assert answer.status_code == 303, answer.text
    assert "Bank bot" in cast.kamola.browser.get("/office/lists/reply-exceptions").text
    desk.at = tashkent(2026, 11, 23, 11, 0)
    desk.client_says()
    assert "Здравствуйте, Dilshod" in desk.said()


@pytest.mark.parametrize(
    "wrong",
    [{"channel_id": ""}, {"kind": "nothing"}, {"texts.ru": ""}, {"texts.ru": "{minutes}"}, {"channel_id": "999999"}],
)
def test_what_could_not_be_said_is_not_accepted(desk: Desk, cast: Cast, wrong: dict[str, str]) -> None:
    answer = cast.kamola.browser.post("/office/lists/reply-exceptions/add", reply(desk, **wrong))
    assert answer.status_code == 422


def test_a_silent_one_needs_no_text(desk: Desk, cast: Cast) -> None:
    entered = reply(desk, **{"texts.ru": "", "silent": "1"})
    assert cast.kamola.browser.post("/office/lists/reply-exceptions/add", entered).status_code == 303


def test_times_of_a_channel_are_added(desk: Desk, cast: Cast) -> None:
    entered = {"names.ru": "Telegram", "channel_id": str(desk.channel_id), "close_minutes": "5", "resume_minutes": "0"}
    assert cast.kamola.browser.get("/office/lists/endings/add").status_code == 200
    assert cast.kamola.browser.post("/office/lists/endings/add", entered).status_code == 303
    page = cast.kamola.browser.get("/office/lists/endings").text
    assert "Bank bot" in page and "5" in page
    assert desk.one("SELECT close_minutes FROM ending_rule") == 5
    assert desk.one("SELECT warn_minutes FROM ending_rule") is None
